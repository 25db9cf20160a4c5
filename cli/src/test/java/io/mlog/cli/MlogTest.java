package io.mlog.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.cli.terminal.Failure;
import io.mlog.model.ErrorCode;
import io.mlog.model.MlogException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import picocli.CommandLine;

final class MlogTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void wrongUsageIsALineWithTheWayToHelpAndExitCode2() {
        assertThat(run("topic", "create")).isEqualTo(2);
        assertThat(err.toString().lines())
                .containsExactly(
                        "mlog topic create: Missing required option: '--topic=NAME'",
                        "see mlog topic create --help");
    }

    @Test
    void unknownCommandsAddressesAndNumbersAreWrongUsage() {
        assertThat(run("tpoic")).isEqualTo(2);
        assertThat(run("topic", "list", "--addrs", "nowhere")).isEqualTo(2);
        assertThat(err.toString()).contains("'nowhere' is not HOST:PORT");
        assertThat(run("topic", "create", "--topic", "t", "--partitions", "many")).isEqualTo(2);
        assertThat(run("topic", "alter", "--topic", "t")).isEqualTo(2);
        assertThat(err.toString()).contains("nothing to alter");
        assertThat(run("producer", "connect", "--topic", "t", "--acks", "some")).isEqualTo(2);
        assertThat(run()).isEqualTo(2);
    }

    @TestFactory
    List<DynamicTest> everyCommandHasHelpWithExamples() {
        List<DynamicTest> tests = new ArrayList<>();
        addLeaves(tests, Mlog.commandLine(), List.of());
        assertThat(tests).hasSizeGreaterThan(5);
        return tests;
    }

    private void addLeaves(List<DynamicTest> tests, CommandLine line, List<String> words) {
        line.getSubcommands()
                .forEach((name, command) -> {
                    List<String> path = new ArrayList<>(words);
                    path.add(name);
                    if (name.equals("server")) {
                        return; // Its help comes from the settings, see StartScreenTest.
                    }
                    if (command.getSubcommands().isEmpty()) {
                        tests.add(
                                DynamicTest.dynamicTest(
                                        String.join(" ", path), () -> hasExamples(path)));
                    }
                    addLeaves(tests, command, path);
                });
    }

    private void hasExamples(List<String> path) {
        List<String> words = new ArrayList<>(path);
        words.add("--help");
        assertThat(run(words.toArray(String[]::new))).isZero();
        assertThat(out.toString()).contains("Example").contains("  mlog " + String.join(" ", path));
    }

    @Test
    void failureOfAFutureIsDescribedByItsReasonOnOneLine() {
        assertThat(Failure.describe(new CompletionException(refusal("no\nleader"))))
                .isEqualTo("no; leader");
        assertThat(Failure.describe(new java.nio.file.NoSuchFileException("/x/y")))
                .isEqualTo("NoSuchFileException: /x/y");
        assertThat(Failure.describe(new IllegalStateException()))
                .isEqualTo("IllegalStateException");
    }

    private static MlogException refusal(String text) {
        return new MlogException(ErrorCode.LEADER_NOT_AVAILABLE, text);
    }

    private int run(String... words) {
        CommandLine line = Mlog.commandLine();
        line.setOut(new PrintWriter(out, true));
        line.setErr(new PrintWriter(err, true));
        return line.execute(words);
    }
}
