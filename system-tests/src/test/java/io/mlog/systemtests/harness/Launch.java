package io.mlog.systemtests.harness;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How to start a process: command, what is added to the environment, and files for stdin and
 * stdout. The child inherits the environment without any {@code MLOG_} variable but {@code
 * MLOG_JAVA_HOME}.
 *
 * @param stdin the file to read; empty: the test writes to {@link Child#stdin()}
 * @param stdout the file to write; empty: captured, see {@link Child#out()}
 */
public record Launch(
        List<String> command,
        Map<String, String> environment,
        Optional<Path> stdin,
        Optional<Path> stdout) {

    public Launch {
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
    }

    /** A program of this machine, found on the path. */
    public static Launch of(String... command) {
        return new Launch(List.of(command), Map.of(), Optional.empty(), Optional.empty());
    }

    /** A launcher of the checkout, for example {@code Launch.bin("topic", "list")}. */
    public static Launch bin(String name, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Checkout.bin(name));
        command.addAll(List.of(arguments));
        return new Launch(command, Map.of(), Optional.empty(), Optional.empty());
    }

    /** The same with more arguments. */
    public Launch with(String... arguments) {
        List<String> longer = new ArrayList<>(command);
        longer.addAll(List.of(arguments));
        return new Launch(longer, environment, stdin, stdout);
    }

    /** The same with one more variable. */
    public Launch env(String name, String value) {
        Map<String, String> more = new HashMap<>(environment);
        more.put(name, value);
        return new Launch(command, more, stdin, stdout);
    }

    /** The same, reading this file. */
    public Launch from(Path file) {
        return new Launch(command, environment, Optional.of(file), stdout);
    }

    /** The same, writing this file, which is replaced. */
    public Launch to(Path file) {
        return new Launch(command, environment, stdin, Optional.of(file));
    }

    ProcessBuilder builder() {
        ProcessBuilder builder = new ProcessBuilder(command).directory(Checkout.root().toFile());
        builder.environment()
                .keySet()
                .removeIf(name -> name.startsWith("MLOG_") && !name.equals("MLOG_JAVA_HOME"));
        builder.environment().putAll(environment);
        stdin.ifPresent(file -> builder.redirectInput(file.toFile()));
        stdout.ifPresent(file -> builder.redirectOutput(file.toFile()));
        return builder;
    }
}
