package io.mlog.cli.files;

import io.mlog.cli.terminal.Failure;
import io.mlog.cli.terminal.Output;
import io.mlog.cluster.raft.RaftFile;
import io.mlog.storage.FileDump;
import io.mlog.storage.RealFileStore;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints files of a data directory; 1 when one is damaged or cannot be read. */
@Command(
        name = "dump",
        description = {
            "Print files of a data directory readably: segments, indexes, checkpoints, the metadata"
                    + " log and its snapshots.",
            "Exit code 1: something in them is damaged."
        },
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  mlog dump /var/lib/mlog/orders-0/00000000000000000000.log --records",
            "  mlog dump /var/lib/mlog/recovery-point --output json"
        })
public final class DumpCommand implements Callable<Integer> {
    @Spec private CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "FILE", arity = "1..*", description = "The files, in this order.")
    private List<Path> files = new ArrayList<>();

    @Option(names = "--records", description = "Print the records of each batch, too.")
    private boolean records;

    @Option(
            names = "--output",
            paramLabel = "plain|json",
            description = "json writes an object for each line.")
    private Output output = Output.PLAIN;

    @Override
    public Integer call() {
        LinePrinter printer = new LinePrinter(spec.commandLine().getOut(), output);
        int status = 0;
        for (Path file : files) {
            if (!dump(file, printer)) {
                status = 1;
            }
            printer.flush();
        }
        return status;
    }

    private long damages(Path file, LinePrinter printer) throws IOException {
        Optional<RaftFile> raft = RaftFile.of(file);
        return raft.isPresent()
                ? new RaftDump(printer).run(raft.get())
                : new FileDump(new RealFileStore(), records, ProducerLines::of, printer).run(file);
    }

    /** False when the file is damaged or cannot be read, which does not keep others from it. */
    private boolean dump(Path file, LinePrinter printer) {
        try {
            return damages(file, printer) == 0;
        } catch (IOException e) {
            printer.flush();
            PrintWriter err = spec.commandLine().getErr();
            err.println(spec.qualifiedName() + ": " + Failure.describe(e));
            err.flush();
            return false;
        }
    }
}
