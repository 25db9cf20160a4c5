package io.mlog.systemtests.programs;

import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.utils.Exit;

/**
 * Runs Kafka's command line tools one after the other in this process, each as if it had one of its
 * own: arguments, stdin, stdout, stderr and exit code. Its own stdin names the runs, a line each;
 * of run {@code N} the file {@code N.args} holds the class and its arguments, a line each, and
 * {@code N.in} what the tool reads. It leaves {@code N.out} and {@code N.err}, and answers {@code N
 * EXIT}. What a tool keeps in static fields lives on into the next run, unlike in reality.
 */
public final class ToolRunner {
    private static final int NOT_ENDED = -1;

    private final Path folder;
    private final AtomicInteger firstExit = new AtomicInteger(NOT_ENDED);
    private final Deque<Runnable> shutdownHooks = new ArrayDeque<>();

    private ToolRunner(Path folder) {
        this.folder = folder;
        Exit.setExitProcedure((status, _) -> end(status));
        Exit.setHaltProcedure((status, _) -> end(status));
        Exit.setShutdownHookAdder((_, hook) -> shutdownHooks.addFirst(hook));
    }

    /** Some tools catch what is thrown here and end again; the first time counts. */
    private void end(int status) {
        firstExit.compareAndSet(NOT_ENDED, status);
        throw new Ended();
    }

    /** Thrown where a tool would end the process. */
    private static final class Ended extends Error {}

    public static void main(String[] arguments) throws Exception {
        PrintStream answers = System.out;
        ToolRunner runner = new ToolRunner(Path.of(arguments[0]));
        try (var runs =
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String run = runs.readLine(); run != null; run = runs.readLine()) {
                int exit = runner.run(run);
                answers.println(run + " " + exit);
                answers.flush();
            }
        }
        // Threads that a tool left behind do not keep the process.
        Runtime.getRuntime().halt(0);
    }

    private int run(String name) throws IOException {
        List<String> words = Files.readAllLines(folder.resolve(name + ".args"));
        PrintStream out = System.out;
        PrintStream err = System.err;
        InputStream in = System.in;
        try (PrintStream itsOut = file(name + ".out");
                PrintStream itsErr = file(name + ".err")) {
            System.setOut(itsOut);
            System.setErr(itsErr);
            System.setIn(
                    new ByteArrayInputStream(Files.readAllBytes(folder.resolve(name + ".in"))));
            int exit = call(words.getFirst(), words.subList(1, words.size()));
            while (!shutdownHooks.isEmpty()) {
                shutdownHooks.removeFirst().run();
            }
            return exit;
        } finally {
            System.setOut(out);
            System.setErr(err);
            System.setIn(in);
        }
    }

    private PrintStream file(String name) throws IOException {
        return new PrintStream(
                Files.newOutputStream(folder.resolve(name)), true, StandardCharsets.UTF_8);
    }

    private int call(String tool, List<String> arguments) {
        firstExit.set(NOT_ENDED);
        try {
            Class.forName(tool)
                    .getMethod("main", String[].class)
                    .invoke(null, (Object) arguments.toArray(String[]::new));
        } catch (InvocationTargetException e) {
            if (!(e.getCause() instanceof Ended)) {
                e.printStackTrace(System.err);
                return 1;
            }
        } catch (ReflectiveOperationException e) {
            e.printStackTrace(System.err);
            return 1;
        }
        return Math.max(0, firstExit.get());
    }
}
