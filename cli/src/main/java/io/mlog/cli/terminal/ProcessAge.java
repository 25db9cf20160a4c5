package io.mlog.cli.terminal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/**
 * How long this process has existed, its launcher's time included: a launcher becomes the JVM.
 *
 * <p>On Linux both times are taken as counted since the machine's start, to a hundredth of a
 * second. The JVM's own answer rounds the machine's start to a second, so that it may be wrong by
 * as much; it serves on other systems.
 */
public final class ProcessAge {
    private static final long MS_PER_TICK = 10; // USER_HZ is 100 in all that /proc shows

    /** Fields of /proc/self/stat behind the command's name, which may hold spaces. */
    private static final int START_TICKS = 19;

    private ProcessAge() {}

    public static Duration now() {
        try {
            return between(
                    Files.readString(Path.of("/proc/self/stat")),
                    Files.readString(Path.of("/proc/uptime")));
        } catch (IOException | RuntimeException notLinux) {
            Instant now = Instant.now();
            Instant start = ProcessHandle.current().info().startInstant().orElse(now);
            return Duration.between(start, now);
        }
    }

    static Duration between(String stat, String uptime) {
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        long startMs = Long.parseLong(fields[START_TICKS]) * MS_PER_TICK;
        double upSeconds = Double.parseDouble(uptime.substring(0, uptime.indexOf(' ')));
        return Duration.ofMillis(Math.max(0, Math.round(upSeconds * 1000) - startMs));
    }
}
