package io.mlog.cli.server;

import io.mlog.broker.BrokerServer;
import io.mlog.broker.config.BrokerConfig;
import io.mlog.broker.config.ConfigRefusedException;
import io.mlog.cli.terminal.Failure;
import io.mlog.cli.terminal.ProcessAge;
import io.mlog.cli.terminal.ProcessEnd;
import io.mlog.cli.terminal.Version;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Unmatched;

/**
 * Runs a broker until it is told to stop. Its flags are the table of {@link
 * io.mlog.broker.config.Settings}, which is why they are not declared here.
 *
 * <p>SIGTERM and SIGINT stop it in order and end the process with 0; a start that fails ends with
 * one line on stderr and 1, a configuration that is refused with 2.
 */
@Command(
        name = "server",
        description = "Run a broker.",
        customSynopsis = "mlog server [FLAG]…   (mlog server --help lists the flags)")
public final class ServerCommand implements Callable<Integer> {
    /** A stop that hangs is given up then: it costs no acknowledged record, only a longer start. */
    private static final Duration LONGEST_STOP = Duration.ofSeconds(30);

    /** As other parameters of the process that are not the command's name. */
    @Unmatched private List<String> words = new ArrayList<>();

    @Override
    public Integer call() {
        return run(words);
    }

    /** Runs a broker with these flags until it is told to stop, and returns the exit code. */
    public static int run(List<String> words) {
        return run(words, BrokerServer::awaitTermination);
    }

    /** What is done while a broker serves; it stops when that is through. */
    @FunctionalInterface
    public interface Life {
        /** Blocks; a failure ends the command with exit code 1. */
        void live(BrokerServer broker) throws Exception;
    }

    /** Runs a broker with these flags for the time of {@code life}, and returns the exit code. */
    public static int run(List<String> words, Life life) {
        if (words.contains("--help") || words.contains("-h")) {
            System.out.print(ServerHelp.text());
            return 0;
        }
        List<String> flags = new ArrayList<>(words);
        boolean verbose = flags.remove("--verbose");
        BrokerConfig config;
        try {
            config = BrokerConfig.read(flags, System.getenv());
        } catch (ConfigRefusedException e) {
            System.err.println("mlog server: " + e.getMessage());
            return 2;
        }
        return serve(config, verbose, life);
    }

    private static int serve(BrokerConfig config, boolean verbose, Life life) {
        LogSetup.apply(config.logLevel(), config.logFormat());
        Logger log = LoggerFactory.getLogger(ServerCommand.class);
        config.settings().warnings().forEach(log::warn);
        StartScreen.temporaryDataDirectory(config.storage().dataDir()).ifPresent(log::warn);
        try (BrokerServer broker = BrokerServer.start(config);
                ProcessEnd.Watch _ = ProcessEnd.onSignal(LONGEST_STOP, () -> stop(broker, log))) {
            System.out.print(
                    StartScreen.text(
                            Version.number(),
                            config,
                            broker.clusterId(),
                            broker.clientAddress(),
                            ProcessAge.now()));
            System.out.flush();
            life.live(broker);
            log.info("stopped");
            return 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 1;
        } catch (Exception e) {
            System.err.println("mlog server: " + Failure.describe(e));
            if (verbose) {
                e.printStackTrace();
            }
            return 1;
        }
    }

    private static OptionalInt stop(BrokerServer broker, Logger log) {
        log.info("stopping");
        broker.close();
        return OptionalInt.empty();
    }
}
