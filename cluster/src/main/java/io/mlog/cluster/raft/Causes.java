package io.mlog.cluster.raft;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Finds the sentence worth telling in what Ratis throws. */
final class Causes {
    private static final int DEEPEST = 20;

    private Causes() {}

    /**
     * What the innermost I/O failure says, or the innermost of all: the rest is Ratis' wrapping.
     */
    static String root(@Nullable Throwable e) {
        Throwable told = e;
        Throwable next = e;
        for (int depth = 0; next != null && depth < DEEPEST; depth++) {
            if (next instanceof IOException || !(told instanceof IOException)) {
                told = next;
            }
            next = next.getCause();
        }
        if (told == null) {
            return "no reason given";
        }
        return told.getMessage() == null ? told.toString() : told.getMessage();
    }
}
