package io.mlog.protocol;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Has the leaders of partitions elected anew. */
public final class ElectLeaders {
    private ElectLeaders() {}

    /**
     * The request.
     *
     * @param topic empty: every partition of the cluster that needs it
     * @param partition one partition of the topic; empty: all of them
     * @param unclean whether partitions without a leader get any live replica, and with it lose
     *     what only the others have; else the first replica leads, when it is in sync
     */
    public record Request(Optional<String> topic, OptionalInt partition, boolean unclean)
            implements RpcRequest<Response> {
        public Request {
            if (partition.isPresent()) {
                Range.check("partition", partition.getAsInt(), 0, Integer.MAX_VALUE);
                Range.check(topic.isPresent(), "field 'partition' needs a 'topic'");
            }
        }

        @Override
        public String type() {
            return "ElectLeaders";
        }

        @Override
        public Class<Response> responseType() {
            return Response.class;
        }

        @Override
        public void writeFields(JsonWriter out) throws IOException {
            out.optional("topic", topic);
            out.optional("partition", partition);
            out.flag("unclean", unclean);
        }

        static Request read(JsonReader in) throws IOException {
            Optional<String> topic = Optional.empty();
            OptionalInt partition = OptionalInt.empty();
            boolean unclean = false;
            for (String field = in.nextField(); field != null; field = in.nextField()) {
                switch (field) {
                    case "topic" -> topic = in.optionalString();
                    case "partition" -> partition = OptionalInt.of(in.int32(0, Integer.MAX_VALUE));
                    case "unclean" -> unclean = in.bool();
                    default -> in.skip();
                }
            }
            return new Request(topic, partition, unclean);
        }
    }

    /**
     * What came of it.
     *
     * @param partitions those that were asked for; of the whole cluster only those that changed
     */
    public record Response(List<Elected> partitions) implements RpcResponse {
        public Response {
            partitions = List.copyOf(partitions);
        }

        @Override
        public String type() {
            return "ElectLeadersResponse";
        }

        @Override
        public void writeFields(JsonWriter out) throws IOException {
            out.list("partitions", partitions, Elected::write);
        }

        static Response read(JsonReader in) throws IOException {
            List<Elected> partitions = null;
            for (String field = in.nextField(); field != null; field = in.nextField()) {
                switch (field) {
                    case "partitions" -> partitions = in.list(Elected::read);
                    default -> in.skip();
                }
            }
            return new Response(in.required("partitions", partitions));
        }
    }

    /**
     * A partition after the election.
     *
     * @param leaderNodeId empty when there is none
     * @param error why nothing was changed
     */
    public record Elected(
            String topic, int partition, Optional<String> leaderNodeId, Optional<Refusal> error) {
        static Elected read(JsonReader in) throws IOException {
            in.object();
            String topic = null;
            Integer partition = null;
            Optional<String> leader = Optional.empty();
            Optional<Refusal> error = Optional.empty();
            for (String field = in.nextField(); field != null; field = in.nextField()) {
                switch (field) {
                    case "topic" -> topic = in.string();
                    case "partition" -> partition = in.int32(0, Integer.MAX_VALUE);
                    case "leaderNodeId" -> leader = in.optionalString();
                    case "error" -> error = Optional.of(Refusal.read(in));
                    default -> in.skip();
                }
            }
            return new Elected(
                    in.required("topic", topic),
                    in.required("partition", partition),
                    leader,
                    error);
        }

        static void write(JsonWriter out, Elected element) throws IOException {
            out.beginObject();
            out.string("topic", element.topic);
            out.number("partition", element.partition);
            out.stringOrNull("leaderNodeId", element.leaderNodeId);
            Refusal.write(out, element.error);
            out.endObject();
        }
    }
}
