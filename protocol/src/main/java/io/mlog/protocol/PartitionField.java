package io.mlog.protocol;

import io.mlog.model.TopicPartition;
import java.io.IOException;

/** A partition as an element of a list: an object of topic and number. */
final class PartitionField {
    private PartitionField() {}

    static TopicPartition read(JsonReader in) throws IOException {
        in.object();
        String topic = null;
        Integer partition = null;
        for (String field = in.nextField(); field != null; field = in.nextField()) {
            switch (field) {
                case "topic" -> topic = in.string();
                case "partition" -> partition = in.int32(0, Integer.MAX_VALUE);
                default -> in.skip();
            }
        }
        return new TopicPartition(in.required("topic", topic), in.required("partition", partition));
    }

    static void write(JsonWriter out, TopicPartition element) throws IOException {
        out.beginObject();
        out.string("topic", element.topic());
        out.number("partition", element.partition());
        out.endObject();
    }
}
