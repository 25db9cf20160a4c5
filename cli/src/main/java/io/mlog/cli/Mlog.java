package io.mlog.cli;

import io.mlog.cli.cluster.ClusterCommand;
import io.mlog.cli.files.DumpCommand;
import io.mlog.cli.files.VerifyCommand;
import io.mlog.cli.group.GroupCommand;
import io.mlog.cli.records.ConsumerCommand;
import io.mlog.cli.records.ProducerCommand;
import io.mlog.cli.server.ServerCommand;
import io.mlog.cli.terminal.Failure;
import io.mlog.cli.terminal.ProcessEnd;
import io.mlog.cli.terminal.Version;
import io.mlog.cli.topic.TopicCommand;
import io.mlog.cli.train.TrainCommand;
import io.mlog.cli.why.WhyCommand;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/**
 * The one entry point: {@code mlog COMMAND …}. Exit codes: 0 done, 1 failed, 2 wrong usage. An
 * error is one line on stderr; {@code --verbose} adds its stack trace.
 */
@Command(
        name = "mlog",
        description = "A distributed log: topics of records, kept in segment files.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            ServerCommand.class,
            ProducerCommand.class,
            ConsumerCommand.class,
            TopicCommand.class,
            TrainCommand.class,
            GroupCommand.class,
            ClusterCommand.class,
            WhyCommand.class,
            DumpCommand.class,
            VerifyCommand.class
        },
        footer = {"", "Every command explains itself: mlog COMMAND --help"})
public final class Mlog implements Runnable {
    @Spec private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--verbose",
            scope = ScopeType.INHERIT,
            description = "Print the stack trace of an error, too.")
    private boolean verbose;

    private Mlog() {}

    /** Runs the process's command and ends the process. */
    public static void main(String[] args) {
        // The server starts without the command line library: its flags come from the settings.
        int status =
                args.length > 0 && args[0].equals("server")
                        ? ServerCommand.run(List.of(args).subList(1, args.length))
                        : commandLine().execute(args);
        System.out.flush();
        ProcessEnd.exit(status);
    }

    /** The command line with all its commands, as {@link #main} runs it. */
    public static CommandLine commandLine() {
        CommandLine line = new CommandLine(new Mlog());
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setUsageHelpAutoWidth(true);
        line.setParameterExceptionHandler(Mlog::wrongUsage);
        line.setExecutionExceptionHandler(Mlog::failed);
        return line;
    }

    /** Without a command: the list of commands, and exit code 2. */
    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "which command? see mlog --help");
    }

    private static int wrongUsage(ParameterException error, String[] args) {
        CommandLine line = error.getCommandLine();
        PrintWriter err = line.getErr();
        String command = line.getCommandSpec().qualifiedName();
        err.println(command + ": " + oneLine(error.getMessage()));
        if (!String.valueOf(error.getMessage()).contains("--help")) {
            err.println("see " + command + " --help");
        }
        err.flush();
        return CommandLine.ExitCode.USAGE;
    }

    private static int failed(Exception error, CommandLine line, CommandLine.ParseResult result) {
        PrintWriter err = line.getErr();
        err.println(line.getCommandSpec().qualifiedName() + ": " + Failure.describe(error));
        if (isVerbose(line)) {
            error.printStackTrace(err);
        }
        err.flush();
        return CommandLine.ExitCode.SOFTWARE;
    }

    private static boolean isVerbose(CommandLine line) {
        CommandLine root = line;
        while (root.getParent() != null) {
            root = root.getParent();
        }
        return root.getCommand() instanceof Mlog mlog && mlog.verbose;
    }

    private static String oneLine(@org.jspecify.annotations.Nullable String text) {
        return String.valueOf(text).strip().replaceAll("\\s*\\R\\s*", "; ");
    }
}
