/// How a program begins: a shell leaves a watcher in the program's session, and becomes the program.
///
/// The watcher waits for the end of ``OwnersPipe`` and then kills the session: without it a program would outlive an
/// owner that was killed. It is in the session itself, so that the session's number can't be another's by then, and ends
/// with it. The script is always the same: the program's path and its arguments are the shell's parameters, which it
/// hands on unread.
enum ChildStart {
    static let shell = "/bin/sh"

    /// The standard input is the pipe. What shells add to the environment goes, as far as they let it.
    private static let script = #"""
        exec 3<&0 </dev/null
        (trap '' TERM; read -r line <&3; kill -s KILL -- "-$$") >/dev/null 2>&1 &
        unset PWD OLDPWD SHLVL
        exec "$@" 3<&-
        """#

    /// The shell's arguments for a program.
    ///
    /// - Parameter path: absolute.
    static func arguments(_ path: String, _ arguments: [String]) -> [String] {
        ["-c", script, shell, path] + arguments
    }
}
