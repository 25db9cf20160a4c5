package io.mlog.cli.files;

import io.mlog.core.producer.SavedProducer;
import io.mlog.storage.DumpLine;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;

/** The producers of a snapshot, a line each. */
final class ProducerLines {
    private ProducerLines() {}

    static List<DumpLine> of(ByteBuffer snapshot) {
        return SavedProducer.read(snapshot).stream().map(ProducerLines::line).toList();
    }

    private static DumpLine line(SavedProducer producer) {
        return DumpLine.of(
                "producer",
                "producerId",
                producer.producerId(),
                "producerEpoch",
                (int) producer.epoch(),
                "firstSequence",
                producer.firstSequence(),
                "lastAppendMs",
                producer.lastAppendMs(),
                "batches",
                producer.batches().stream().map(ProducerLines::batch).toList());
    }

    private static Map<String, Object> batch(SavedProducer.Batch batch) {
        return DumpLine.of(
                        "batch",
                        "baseSequence",
                        batch.baseSequence(),
                        "records",
                        batch.records(),
                        "baseOffset",
                        batch.baseOffset())
                .fields();
    }
}
