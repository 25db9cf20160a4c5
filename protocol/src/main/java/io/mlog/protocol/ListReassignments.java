package io.mlog.protocol;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Tells which partitions are moving. */
public final class ListReassignments {
    private ListReassignments() {}

    /**
     * The request.
     *
     * @param topic empty: all topics
     */
    public record Request(Optional<String> topic) implements RpcRequest<Response> {
        @Override
        public String type() {
            return "ListReassignments";
        }

        @Override
        public Class<Response> responseType() {
            return Response.class;
        }

        @Override
        public void writeFields(JsonWriter out) throws IOException {
            out.optional("topic", topic);
        }

        static Request read(JsonReader in) throws IOException {
            Optional<String> topic = Optional.empty();
            for (String field = in.nextField(); field != null; field = in.nextField()) {
                switch (field) {
                    case "topic" -> topic = in.optionalString();
                    default -> in.skip();
                }
            }
            return new Request(topic);
        }
    }

    /**
     * The moves.
     *
     * @param moves in the order of names and numbers
     */
    public record Response(List<Move> moves) implements RpcResponse {
        public Response {
            moves = List.copyOf(moves);
        }

        @Override
        public String type() {
            return "ListReassignmentsResponse";
        }

        @Override
        public void writeFields(JsonWriter out) throws IOException {
            out.list("moves", moves, Move::write);
        }

        static Response read(JsonReader in) throws IOException {
            List<Move> moves = null;
            for (String field = in.nextField(); field != null; field = in.nextField()) {
                switch (field) {
                    case "moves" -> moves = in.list(Move::read);
                    default -> in.skip();
                }
            }
            return new Response(in.required("moves", moves));
        }
    }

    /**
     * A partition on the move.
     *
     * @param replicas node ids of all that have a replica or are getting one
     * @param isr those of them that are in sync
     * @param adding those of them that still copy
     * @param removing those of them that go once the others are in sync
     */
    public record Move(
            String topic,
            int partition,
            List<String> replicas,
            List<String> isr,
            List<String> adding,
            List<String> removing) {
        public Move {
            replicas = List.copyOf(replicas);
            isr = List.copyOf(isr);
            adding = List.copyOf(adding);
            removing = List.copyOf(removing);
        }

        static Move read(JsonReader in) throws IOException {
            in.object();
            String topic = null;
            Integer partition = null;
            List<String> replicas = List.of();
            List<String> isr = List.of();
            List<String> adding = List.of();
            List<String> removing = List.of();
            for (String field = in.nextField(); field != null; field = in.nextField()) {
                switch (field) {
                    case "topic" -> topic = in.string();
                    case "partition" -> partition = in.int32(0, Integer.MAX_VALUE);
                    case "replicas" -> replicas = in.list(JsonReader::string);
                    case "isr" -> isr = in.list(JsonReader::string);
                    case "adding" -> adding = in.list(JsonReader::string);
                    case "removing" -> removing = in.list(JsonReader::string);
                    default -> in.skip();
                }
            }
            return new Move(
                    in.required("topic", topic),
                    in.required("partition", partition),
                    replicas,
                    isr,
                    adding,
                    removing);
        }

        static void write(JsonWriter out, Move element) throws IOException {
            out.beginObject();
            out.string("topic", element.topic);
            out.number("partition", element.partition);
            out.stringList("replicas", element.replicas);
            out.stringList("isr", element.isr);
            out.stringList("adding", element.adding);
            out.stringList("removing", element.removing);
            out.endObject();
        }
    }
}
