package io.mlog.cli.files;

import io.mlog.cli.terminal.Output;
import io.mlog.cli.terminal.Terminal;
import io.mlog.cluster.raft.RaftDirectoryCheck;
import io.mlog.storage.CheckListener;
import io.mlog.storage.CheckTotals;
import io.mlog.storage.Damage;
import io.mlog.storage.DirectoryCheck;
import io.mlog.storage.RealFileStore;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Checks a data directory; 0 when it is sound, 1 when something was found or cannot be checked. */
@Command(
        name = "verify",
        description = {
            "Check every batch, index and checkpoint of a data directory that no broker uses.",
            "Prints a line for each finding, and a note for what a crash left and the next start"
                    + " mends. Exit code 0: nothing was found."
        },
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {"  mlog verify /var/lib/mlog", "  mlog verify /var/lib/mlog --output json"})
public final class VerifyCommand implements Callable<Integer> {
    @Spec private CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "DIR", description = "The data directory.")
    private Path directory = Path.of("");

    @Option(
            names = "--output",
            paramLabel = "plain|json",
            description =
                    "json writes an object for each finding and note, and a summary at the end.")
    private Output output = Output.PLAIN;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        FindingPrinter printer =
                new FindingPrinter(
                        out, spec.commandLine().getErr(), output, Terminal.is(Terminal.Stream.ERR));
        CheckTotals totals =
                new DirectoryCheck(new RealFileStore(), directory, printer)
                        .run(VerifyCommand::checkMetadata);
        printer.finish(totals);
        return totals.findings() == 0 ? 0 : 1;
    }

    /** Without it the broker would not start on the partitions that are there. */
    private static void checkMetadata(Path root, boolean holdsPartitions, CheckListener report)
            throws IOException {
        Path raft = root.resolve("raft");
        boolean found =
                new RaftDirectoryCheck(
                                raft,
                                (file, position, expected, actual, torn) -> {
                                    Damage damage =
                                            new Damage(
                                                    file.toString(),
                                                    position,
                                                    -1,
                                                    expected,
                                                    actual);
                                    if (torn) {
                                        report.note(damage);
                                    } else {
                                        report.finding(damage);
                                    }
                                })
                        .run();
        if (!found && holdsPartitions) {
            report.finding(new Damage(raft.toString(), 0, -1, "the metadata log", "none"));
        }
    }
}
