package io.mlog.cli.why;

import io.mlog.cli.terminal.ConnectOptions;
import io.mlog.client.AdminClient;
import io.mlog.model.TopicPartition;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Explains the present state of a topic, a partition or a group in sentences. */
@Command(
        name = "why",
        description = {
            "Explain why a topic, a partition or a consumer group is as it is: who leads, who is in"
                    + " sync, what holds records back, what was refused, who reads, who left and why."
        },
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  mlog why topic orders",
            "  mlog why partition orders-0",
            "  mlog why group billing"
        })
public final class WhyCommand implements Callable<Integer> {
    @Spec private CommandSpec spec = CommandSpec.create();
    @Mixin private ConnectOptions connect = new ConnectOptions();

    @Parameters(
            index = "0",
            paramLabel = "topic|partition|group",
            description = "What is to be explained.")
    private Kind kind = Kind.TOPIC;

    @Parameters(
            index = "1",
            paramLabel = "NAME",
            description = "Its name; of a partition the topic's, a dash and its number.")
    private String name = "";

    /** What can be explained. */
    enum Kind {
        TOPIC,
        PARTITION,
        GROUP
    }

    @Override
    public Integer call() {
        Function<AdminClient, List<String>> question =
                switch (kind) {
                    case TOPIC -> admin -> admin.whyTopic(name);
                    case PARTITION -> {
                        TopicPartition partition = partition();
                        yield admin -> admin.whyPartition(partition);
                    }
                    case GROUP -> admin -> admin.whyGroup(name);
                };
        List<String> sentences;
        try (AdminClient admin = AdminClient.connect(connect.connection())) {
            sentences = question.apply(admin);
        }
        PrintWriter out = spec.commandLine().getOut();
        sentences.forEach(out::println);
        out.flush();
        return 0;
    }

    private TopicPartition partition() {
        int dash = name.lastIndexOf('-');
        String number = name.substring(dash + 1);
        if (dash < 1 || !number.matches("[0-9]{1,9}")) {
            throw new ParameterException(
                    spec.commandLine(),
                    "'%s' is no partition: give the topic, a dash and the number, such as orders-0"
                            .formatted(name));
        }
        return new TopicPartition(name.substring(0, dash), Integer.parseInt(number));
    }
}
