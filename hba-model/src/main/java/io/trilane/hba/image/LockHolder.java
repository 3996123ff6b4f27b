package io.trilane.hba.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// The process that has an image open, as far as this system tells: an observation, true when it was made.
///
/// @param pid     as this process would name it
/// @param command how it was started, and when; may be only a name
public record LockHolder(long pid, String command) {
    private static final Path LOCKS = Path.of("/proc/locks");
    // 1: FLOCK  ADVISORY  WRITE 1234 fd:00:5678 0 EOF
    private static final int KIND = 1;
    private static final int PID = 4;
    private static final int FILE = 5;
    private static final int FIELDS = 8;

    /// Looks through the kernel's list of locks (Linux); needs no file of ours and touches none.
    static Optional<LockHolder> find(Path path) {
        try {
            String file = fileId(path);
            for (String line : Files.readAllLines(LOCKS)) {
                List<String> fields = List.of(line.trim().split("\\s+"));
                if (fields.size() == FIELDS && "FLOCK".equals(fields.get(KIND)) && file.equals(fields.get(FILE))) {
                    long pid = Long.parseLong(fields.get(PID));
                    // 0 and below: a process that this one may not see.
                    return pid > 0 ? Optional.of(new LockHolder(pid, describe(pid))) : Optional.empty();
                }
            }
            return Optional.empty();
        } catch (IOException | UnsupportedOperationException | NumberFormatException _) {
            return Optional.empty();
        }
    }

    @Override
    public String toString() {
        return "process " + pid + " (" + command + ")";
    }

    /// Device and inode as `/proc/locks` writes them.
    private static String fileId(Path path) throws IOException {
        long device = (long) Files.getAttribute(path, "unix:dev");
        long inode = (long) Files.getAttribute(path, "unix:ino");
        long major = device >>> 8 & 0xFFF | device >>> 32 & ~0xFFFL;
        long minor = device & 0xFF | device >>> 12 & ~0xFFL;
        return String.format("%02x:%02x:%d", major, minor, inode);
    }

    private static String describe(long pid) {
        if (pid == ProcessHandle.current().pid()) {
            return "this process";
        }
        Optional<ProcessHandle.Info> info = ProcessHandle.of(pid).map(ProcessHandle::info);
        String command = info.flatMap(ProcessHandle.Info::command).orElse("unknown command");
        String since = info.flatMap(ProcessHandle.Info::startInstant).map(start -> ", since " + start).orElse("");
        return command + since;
    }
}
