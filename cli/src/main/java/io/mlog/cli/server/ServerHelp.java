package io.mlog.cli.server;

import io.mlog.broker.config.Setting;
import io.mlog.broker.config.Settings;

/** The text of {@code mlog server --help}, made from the table of settings. */
final class ServerHelp {
    private static final int WIDTH = 100;
    private static final String INDENT = "      ";

    private ServerHelp() {}

    static String text() {
        StringBuilder out = new StringBuilder();
        out.append(
                """
                Usage: mlog server [FLAG]…
                Run a broker until SIGTERM or ^C.

                Each flag is also a variable, MLOG_ and its name in capitals (MLOG_RPC_PORT), and an entry of the
                file given by --config (rpc-port=9094). A flag wins over a variable, a variable over the file.

                """);
        row(out, "--config FILE", "", "Lines name=value; # begins a comment. Also MLOG_CONFIG.");
        for (Setting<?> setting : Settings.all()) {
            row(
                    out,
                    setting.flag()
                            + (setting.isSwitch() ? "[=" : " ")
                            + setting.kind().placeholder()
                            + (setting.isSwitch() ? "]" : ""),
                    setting.defaultText().map(text -> " (default: " + text + ")").orElse(""),
                    setting.meaning());
        }
        row(out, "--verbose", "", "Print the stack trace of a start that fails.");
        out.append(
                """

                Examples:
                  mlog server --data-dir /var/lib/mlog
                  mlog server --bind-addr 0.0.0.0:9092 --advertise-addr log1.example.org --data-dir /var/lib/mlog
                  MLOG_FLUSH=os MLOG_LOG_LEVEL=debug mlog server --rpc-port 0
                """);
        return out.toString();
    }

    private static void row(StringBuilder out, String flag, String defaultText, String meaning) {
        out.append("  ").append(flag).append(defaultText).append('\n').append(INDENT);
        int column = INDENT.length();
        for (String word : meaning.split(" ")) {
            if (column + word.length() + 1 > WIDTH) {
                out.append('\n').append(INDENT);
                column = INDENT.length();
            }
            out.append(word).append(' ');
            column += word.length() + 1;
        }
        out.setLength(out.length() - 1);
        out.append('\n');
    }
}
