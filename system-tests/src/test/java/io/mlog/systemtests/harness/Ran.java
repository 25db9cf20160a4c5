package io.mlog.systemtests.harness;

import java.time.Duration;

/**
 * What a command that has ended left behind.
 *
 * @param out its stdout, empty when that went to a file
 */
public record Ran(String command, int exit, String out, String err, Duration took) {

    /** This, when the command succeeded. */
    public Ran ok() {
        if (exit != 0) {
            throw new AssertionError(command + " ended with " + exit + "\n" + out + err);
        }
        return this;
    }
}
