package io.mlog.cli.terminal;

/**
 * Which of the process's standard streams a person is at. The launcher knows and says so by the
 * system property {@code mlog.terminal}, which holds the numbers of those streams; asking the JVM
 * would cost a tenth of a second.
 */
public final class Terminal {
    /** A standard stream. */
    public enum Stream {
        IN("0"),
        OUT("1"),
        ERR("2");

        private final String number;

        Stream(String number) {
            this.number = number;
        }
    }

    private Terminal() {}

    /** Whether {@code stream} is a terminal; false when nobody said so. */
    public static boolean is(Stream stream) {
        return System.getProperty("mlog.terminal", "").contains(stream.number);
    }
}
