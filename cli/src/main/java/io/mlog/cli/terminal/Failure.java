package io.mlog.cli.terminal;

import io.mlog.model.MlogException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** Says in one line why a command failed. */
public final class Failure {
    private Failure() {}

    /** The reason, without the wrappings of futures and without line breaks. */
    public static String describe(Throwable error) {
        Throwable cause = unwrap(error);
        String message = cause.getMessage();
        String text =
                switch (cause) {
                    case MlogException refused -> refused.reason();
                    case IOException io when message == null || isBare(io) ->
                            io.getClass().getSimpleName() + (message == null ? "" : ": " + message);
                    default -> message == null ? cause.getClass().getSimpleName() : message;
                };
        return text.strip().replaceAll("\\s*\\R\\s*", "; ");
    }

    /** The error that a future or an unchecked wrapper carries. */
    public static Throwable unwrap(Throwable error) {
        Throwable cause = error;
        while ((cause instanceof CompletionException
                        || cause instanceof ExecutionException
                        || cause instanceof UncheckedIOException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    /** File system errors whose message is only the file's name. */
    private static boolean isBare(IOException error) {
        return error instanceof java.nio.file.FileSystemException file && file.getReason() == null;
    }
}
