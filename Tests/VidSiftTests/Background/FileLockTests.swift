import Testing

@testable import VidSift

@Suite struct FileLockTests {
    @Test("one holder at a time, and the lock is free when it is released or forgotten")
    func exclusive() throws {
        let folder = TemporaryFolder()
        let path = folder.path + "/lock"
        var first = try FileLock.acquire(path, waiting: false)
        #expect(first != nil)
        #expect(try FileLock.acquire(path, waiting: false) == nil)
        first?.release()
        let second = try FileLock.acquire(path, waiting: false)
        #expect(second != nil)
        second?.release()
        first = try FileLock.acquire(path, waiting: false)
        first = nil
        #expect(try FileLock.acquire(path, waiting: false) != nil)
    }

    @Test("two servers on one data folder: the second is told so")
    func twoServers() throws {
        let data = try DataDirectory(TemporaryFolder().path + "/data")
        let lock = try data.lockForServing()
        #expect(throws: DataDirectoryError.self) { _ = try data.lockForServing() }
        lock.release()
    }
}
