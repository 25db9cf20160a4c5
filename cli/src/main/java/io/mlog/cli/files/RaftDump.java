package io.mlog.cli.files;

import io.mlog.cluster.raft.RaftFile;
import io.mlog.cluster.raft.RaftFileContent;
import io.mlog.cluster.raft.RaftFileContent.Matter;
import io.mlog.cluster.raft.RaftFileReader;
import io.mlog.cluster.raft.RaftHistory;
import io.mlog.core.metadata.CommandResult;
import io.mlog.core.metadata.MetadataCommand;
import io.mlog.core.metadata.MetadataImage;
import io.mlog.core.metadata.MetadataMachine;
import io.mlog.core.metadata.MetadataRecord;
import io.mlog.storage.DumpLine;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Prints a file of the metadata log: each entry's command and, when the files before it are there,
 * what it came to and the records it was decided to. One file, one thread.
 */
final class RaftDump {
    private final Consumer<DumpLine> sink;
    private @Nullable MetadataImage image;
    private long damages;

    RaftDump(Consumer<DumpLine> sink) {
        this.sink = sink;
    }

    /**
     * Prints the file.
     *
     * @return how much damage was met, and printed
     */
    long run(RaftFile file) throws IOException {
        sink.accept(
                DumpLine.of(
                        "file",
                        "path",
                        file.path().toString(),
                        "kind",
                        kind(file),
                        "sizeBytes",
                        Files.size(file.path())));
        if (file instanceof RaftFile.Log log) {
            image = RaftHistory.before(log).orElse(null);
        }
        RaftFileReader.read(file, this::print);
        return damages;
    }

    private static String kind(RaftFile file) {
        return switch (file) {
            case RaftFile.Log log -> log.open() ? "open metadata log" : "metadata log";
            case RaftFile.Snapshot _ -> "metadata snapshot";
            case RaftFile.SnapshotSum _ -> "checksum of a metadata snapshot";
            case RaftFile.Vote _ -> "term and vote";
            case RaftFile.LastVoters _ -> "voters";
        };
    }

    private void print(RaftFileContent content) {
        switch (content) {
            case RaftFileContent.Entry entry -> print(entry);
            case RaftFileContent.Image(MetadataImage found) -> print(found);
            case RaftFileContent.Fields(Map<String, String> fields) ->
                    sink.accept(new DumpLine("fields", new TreeMap<>(fields)));
            case RaftFileContent.Voters(var voters) ->
                    sink.accept(DumpLine.of("voters", "voters", voters));
            case RaftFileContent.Damaged damaged -> {
                damages++;
                sink.accept(
                        DumpLine.of(
                                "damage",
                                "position",
                                damaged.position(),
                                "expected",
                                damaged.expected(),
                                "found",
                                damaged.found()));
            }
        }
    }

    private void print(RaftFileContent.Entry entry) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("position", entry.position());
        fields.put("sizeBytes", entry.sizeBytes());
        fields.put("term", entry.term());
        fields.put("index", entry.index());
        switch (entry.matter()) {
            case Matter.Command(MetadataCommand command) -> {
                print(entry.index(), command, fields);
                return;
            }
            case Matter.Configuration(var voters) -> fields.put("voters", voters);
            case Matter.Committed(long index) -> fields.put("committed", index);
            case Matter.Unknown(String reason) -> {
                fields.put("unknown", reason);
                image = null;
            }
        }
        sink.accept(new DumpLine("entry", fields));
    }

    private void print(long index, MetadataCommand command, Map<String, Object> fields) {
        fields.put("command", command.getClass().getSimpleName());
        fields.putAll(RecordFields.of((Record) command));
        MetadataImage before = image;
        if (before == null) {
            sink.accept(new DumpLine("entry", fields));
            return;
        }
        MetadataMachine.Step step = MetadataMachine.step(before, index, command);
        image = step.image();
        fields.put(
                "result",
                switch (step.result()) {
                    case CommandResult.Done _ -> "done";
                    case CommandResult.Refused(var code, var message) -> code + ": " + message;
                });
        sink.accept(new DumpLine("entry", fields));
        for (MetadataRecord record : step.records()) {
            sink.accept(
                    new DumpLine(
                            record.getClass().getSimpleName(), RecordFields.of((Record) record)));
        }
    }

    /** A line of what there is one of, then a line for each of what there are many. */
    private void print(MetadataImage found) {
        Map<String, Object> single = new LinkedHashMap<>();
        Map<String, Map<?, ?>> many = new LinkedHashMap<>();
        for (RecordComponent component : MetadataImage.class.getRecordComponents()) {
            Object value = RecordFields.component(found, component);
            if (value instanceof Map<?, ?> map) {
                many.put(component.getName(), map);
            } else {
                single.put(component.getName(), RecordFields.value(value));
            }
        }
        sink.accept(new DumpLine("image", single));
        many.forEach(this::printAll);
    }

    private void printAll(String name, Map<?, ?> map) {
        if (RecordFields.value(map) instanceof Map<?, ?> sorted) {
            sorted.forEach((key, value) -> {
                Map<String, Object> fields = new LinkedHashMap<>();
                fields.put("key", key);
                if (value instanceof Map<?, ?> nested) {
                    nested.forEach((field, inner) -> fields.put(field.toString(), inner));
                } else {
                    fields.put("value", value);
                }
                sink.accept(new DumpLine(name, fields));
            });
        }
    }
}
