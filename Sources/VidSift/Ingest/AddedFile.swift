internal import Captions
internal import Foundation

/// A file with captions, or a recording, that was found on disk, with what is known about it before it is opened.
package struct AddedFile: Sendable, Hashable {
    package var path: String
    package var sourceID: String
    package var youtubeID: String?
    /// Nil: the captions' own title, or the file's name.
    package var title: String?
    package var language: String?

    /// Whether it is to be listened to.
    package var isRecording: Bool { CaptionFormat(fileName: path) == nil && MediaFile.isNamedSo(path) }
    package var fileName: String { URL(fileURLWithPath: path).lastPathComponent }

    /// Reads captions, at most `Transcript.maximumBytes` of it.
    ///
    /// - Throws: `IngestError` where it vanished, can't be read or is too large.
    package func read() throws -> [UInt8] {
        do {
            let handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
            defer { try? handle.close() }  // Nothing was written: there is nothing that closing could lose.
            let data = try handle.read(upToCount: Transcript.maximumBytes + 1) ?? Data()
            guard data.count <= Transcript.maximumBytes else {
                let size = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int
                throw IngestError.tooLarge(
                    name: fileName, bytes: size ?? data.count, maximum: Transcript.maximumBytes)
            }
            return [UInt8](data)
        } catch let error as IngestError {
            throw error
        } catch {
            throw IngestError.unreadable(name: fileName, reason: (error as NSError).localizedDescription)
        }
    }
}

extension AddedFile {
    /// The most files that one folder is read with.
    static let maximumFiles = 100_000

    /// The files that a path means: the file itself, or those of a folder and the folders in it.
    ///
    /// Where a folder holds a `channel.json`, that lists the files with their titles. Else, of several languages of one
    /// video the first of `languages` is taken, and a recording only where it has no captions.
    ///
    /// - Throws: `IngestError` where there is nothing, or more than can be read.
    package static func list(
        _ path: String, languages: [String], maximumFiles: Int = maximumFiles
    ) throws -> FileListing {
        var isFolder: ObjCBool = false
        let absolute = URL(fileURLWithPath: path).standardizedFileURL.path
        guard FileManager.default.fileExists(atPath: absolute, isDirectory: &isFolder) else {
            throw IngestError.unreadable(name: path, reason: "there is no such file or folder")
        }
        guard isFolder.boolValue else {
            guard CaptionFormat(fileName: absolute) != nil || MediaFile.isNamedSo(absolute) else {
                throw IngestError.unsupported(name: path)
            }
            return FileListing(files: [AddedFile(absolute)], skipped: [], isFolder: false)
        }
        let listing =
            try FolderManifest.read(in: absolute)?.listing(in: absolute)
            ?? grouped(try walk(absolute, maximumFiles: maximumFiles), languages: languages)
        guard !listing.files.isEmpty else { throw IngestError.nothingToAdd(path: path) }
        return listing
    }

    init(_ path: String) {
        let name = SourceName(fileName: path)
        self.init(path: path, sourceID: name.sourceID, youtubeID: name.youtubeID, title: nil, language: name.language)
    }

    /// The files of a folder and the folders in it, by path.
    private static func walk(_ folder: String, maximumFiles: Int) throws -> [AddedFile] {
        var paths: [String] = []
        for case let path as String in FileManager.default.enumerator(atPath: folder) ?? .init() {
            guard !path.split(separator: "/").contains(where: { $0.hasPrefix(".") }),
                isCaptions(path) || MediaFile.isLikely(folder + "/" + path)
            else { continue }
            guard paths.count < maximumFiles else {
                throw IngestError.tooManyFiles(path: folder, maximum: maximumFiles)
            }
            paths.append(path)
        }
        return paths.sorted().map { AddedFile(folder + "/" + $0) }
    }

    /// Of the files of one folder that are one video, the captions whose language is preferred; else a recording.
    private static func grouped(_ files: [AddedFile], languages: [String]) -> FileListing {
        var groups: [String: [AddedFile]] = [:]
        var order: [String] = []
        for file in files {
            let group = URL(fileURLWithPath: file.path).deletingLastPathComponent().path + "/" + file.sourceID
            if groups[group] == nil { order.append(group) }
            groups[group, default: []].append(file)
        }
        var listing = FileListing(files: [], skipped: [])
        for group in order {
            let files = (groups[group] ?? []).sorted { $0.rank(in: languages) < $1.rank(in: languages) }
            listing.files += files.prefix(1)
            let hasCaptions = files.first?.isRecording == false
            listing.skipped += files.dropFirst().map { file in
                let reason =
                    file.isRecording && hasCaptions ? "its captions are here" : "another form of the same video"
                return .init(path: file.path, reason: reason)
            }
        }
        return listing
    }

    /// Notes that lie beside captions are not captions: text is taken only when it is named on its own.
    private static func isCaptions(_ path: String) -> Bool {
        guard let format = CaptionFormat(fileName: path), format != .text else { return false }
        return !(path.hasSuffix(".json"))
    }

    private func rank(in languages: [String]) -> Int {
        if isRecording { return .max }
        guard let language else { return languages.count }
        let primary = language.split(separator: "-").first.map(String.init) ?? language
        return languages.firstIndex { $0 == language || $0 == primary } ?? languages.count + 1
    }
}

/// What a path holds.
package struct FileListing: Sendable {
    package struct Skipped: Sendable {
        package var path: String
        package var reason: String
    }

    package var files: [AddedFile]
    package var skipped: [Skipped]
    /// The name that the folder's manifest gives the channel.
    package var channel: String?
    /// Whether nobody has named the files themselves.
    package var isFolder = true
}
