package io.mlog.broker.http;

import io.mlog.core.metadata.MetadataImage;
import io.mlog.core.metadata.PartitionImage;
import io.mlog.core.metadata.TopicImage;
import io.mlog.model.TopicPartition;
import io.mlog.services.PartitionStatus;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The page that says what this port is, how it is used, and which topics there are. */
final class HomePage {
    /** Most partitions that the page lists. */
    private static final int MOST_ROWS = 1000;

    private static final String FRAME =
            """
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8"><title>mlog</title>
            <style>
            body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 60rem; padding: 0 1rem }
            table { border-collapse: collapse; width: 100%% }
            th, td { text-align: left; padding: .2rem .6rem; border-bottom: 1px solid #ddd }
            td.n, th.n { text-align: right; font-variant-numeric: tabular-nums }
            pre { background: #f4f4f4; padding: .8rem; overflow-x: auto }
            </style></head><body>
            <h1>mlog</h1>
            <p>This port speaks mlog's JSON RPC, the Apache Kafka protocol and HTTP.
            Cluster <b>%s</b>, broker <b>%d</b>.</p>
            <pre>
            echo hello | bin/producer connect --addrs %s --topic greetings
            bin/consumer connect --addrs %s --topic greetings --id me --from-beginning
            kcat -b %s -t greetings -C -e
            </pre>
            <p><a href="/health">health</a> · <a href="/ready">ready</a> · <a href="/metrics">metrics</a></p>
            <h2>Topics</h2>
            %s
            </body></html>
            """;

    private HomePage() {}

    static String of(HttpSite.Services services, String host) {
        String address = escaped(host);
        return FRAME.formatted(
                escaped(services.broker().clusterId()),
                services.broker().brokerId(),
                address,
                address,
                address,
                topics(services));
    }

    private static String topics(HttpSite.Services services) {
        MetadataImage image = services.topics().metadata();
        if (image.topicsByName().isEmpty()) {
            return "<p>None yet: the first record that is produced to a name creates it.</p>";
        }
        StringBuilder rows = new StringBuilder();
        int left = MOST_ROWS;
        for (TopicImage topic : sorted(image)) {
            for (PartitionImage partition : topic.partitions()) {
                if (left-- > 0) {
                    rows.append(row(services, topic, partition));
                }
            }
        }
        return "<table><tr><th>topic</th><th class=n>partition</th><th class=n>first offset</th>"
                + "<th class=n>high watermark</th><th class=n>bytes</th><th>state</th></tr>"
                + rows
                + "</table>"
                + (left < 0 ? "<p>… and " + -left + " more partitions</p>" : "");
    }

    private static List<TopicImage> sorted(MetadataImage image) {
        return image.topicsByName().values().stream()
                .sorted(Comparator.comparing(TopicImage::name))
                .toList();
    }

    private static String row(
            HttpSite.Services services, TopicImage topic, PartitionImage partition) {
        Optional<PartitionStatus> status =
                services.records().status(new TopicPartition(topic.name(), partition.partition()));
        return "<tr><td>%s</td><td class=n>%d</td><td class=n>%s</td><td class=n>%s</td><td class=n>%s</td><td>%s</td></tr>%n"
                .formatted(
                        escaped(topic.name()),
                        partition.partition(),
                        status.map(s -> "%,d".formatted(s.logStartOffset())).orElse("–"),
                        status.map(s -> "%,d".formatted(s.highWatermark())).orElse("–"),
                        status.map(s -> "%,d".formatted(s.sizeBytes())).orElse("–"),
                        status.map(s -> s.problem().isEmpty() ? "online" : escaped(s.problem()))
                                .orElse("not here"));
    }

    /** Text that is safe between tags and in quoted attributes. */
    static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
