package io.mlog.cli.files;

import io.mlog.cli.terminal.JsonText;
import io.mlog.cli.terminal.Output;
import io.mlog.storage.DumpLine;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Prints what a file holds, a line each: its type and {@code name=value} for people, an object with
 * the type as its first field for scripts. Values that are texts are in quotes.
 *
 * <p>Gathers lines until {@link #flush}. When nobody reads them any more, it ends with an {@link
 * UncheckedIOException}, so that a long file is not printed for nothing.
 */
final class LinePrinter implements Consumer<DumpLine> {
    private static final int LINES_BETWEEN_LOOKS = 1024;

    private final PrintWriter target;
    private final PrintWriter out;
    private final Output form;
    private long lines;

    LinePrinter(PrintWriter target, Output form) {
        this.target = target;
        this.out = new PrintWriter(new BufferedWriter(target, 64 << 10));
        this.form = form;
    }

    @Override
    public void accept(DumpLine line) {
        out.println(
                switch (form) {
                    case PLAIN -> plain(line);
                    case JSON -> json(line);
                });
        if (++lines % LINES_BETWEEN_LOOKS == 0) {
            flush();
            if (target.checkError()) {
                throw new UncheckedIOException(new IOException("the output was closed"));
            }
        }
    }

    void flush() {
        out.flush();
    }

    private static String plain(DumpLine line) {
        StringBuilder text = new StringBuilder(line.type());
        line.fields()
                .forEach((name, value) ->
                        text.append(' ').append(name).append('=').append(JsonText.of(value)));
        return text.toString();
    }

    private static String json(DumpLine line) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("type", line.type());
        object.putAll(line.fields());
        return JsonText.of(object);
    }
}
