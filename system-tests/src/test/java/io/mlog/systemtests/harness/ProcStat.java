package io.mlog.systemtests.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What the kernel says about a living process (Linux only).
 *
 * @param rssBytes resident memory
 * @param cpuSeconds user and system time since its start
 * @param sockets the sockets it has open
 */
public record ProcStat(long rssBytes, double cpuSeconds, int sockets) {
    /** {@code USER_HZ}, which Linux fixes at 100 for all that /proc shows. */
    private static final double TICKS_PER_SECOND = 100;

    private static final int UTIME = 11;
    private static final int STIME = 12;

    public static ProcStat of(long pid) throws IOException {
        Path proc = Path.of("/proc", Long.toString(pid));
        try (var files = Files.list(proc.resolve("fd"))) {
            return new ProcStat(
                    rss(proc.resolve("status")),
                    cpu(Files.readString(proc.resolve("stat"))),
                    (int) files.filter(ProcStat::isSocket).count());
        }
    }

    private static boolean isSocket(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString().startsWith("socket:");
        } catch (IOException e) {
            return false; // closed meanwhile
        }
    }

    private static long rss(Path status) throws IOException {
        for (String line : Files.readAllLines(status)) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024;
            }
        }
        throw new IOException("no VmRSS in " + status);
    }

    /** The command's name may hold spaces, so fields count from behind its closing parenthesis. */
    static double cpu(String stat) {
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return (Long.parseLong(fields[UTIME]) + Long.parseLong(fields[STIME])) / TICKS_PER_SECOND;
    }
}
