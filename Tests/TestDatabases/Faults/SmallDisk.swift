internal import Foundation

/// A disk in memory that is soon full.
public final class SmallDisk: Sendable {
    private let place: URL
    private let filler: URL

    /// Why there can be none, nil if there can. Tried once.
    public static func absence() async -> String? {
        guard ServerUser.isRoot else { return "only root can mount a small disk" }
        do {
            let folder = try ServerFolder()
            let disk = try await SmallDisk(at: folder.makePrivateFolder("disk"), bytes: 1 << 20)
            try await disk.unmount()
            return nil
        } catch {
            return "no small disk can be mounted: \(error)"
        }
    }

    /// - Parameter place: an empty folder of the servers' user.
    init(at place: URL, bytes: Int) async throws {
        self.place = place
        filler = place.appendingPathComponent("filler")
        try await StartedProgram.run(["mount", "-t", "tmpfs", "-o", "size=\(bytes),mode=700", "tmpfs", place.path])
        try await ServerUser.own([place])
    }

    func unmount() async throws {
        try await StartedProgram.run(["umount", "--lazy", place.path])
    }

    /// Takes the room that is left, but for so many bytes.
    func fill(except bytes: Int) throws {
        let values = try FileManager.default.attributesOfFileSystem(forPath: place.path)
        let free = (values[.systemFreeSize] as? NSNumber)?.intValue ?? 0
        try Data(count: max(0, free - bytes)).write(to: filler)
    }

    func empty() throws {
        try FileManager.default.removeItem(at: filler)
    }
}
