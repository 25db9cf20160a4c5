package io.mlog.protocol;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/** Moves the replicas of partitions to other nodes, or changes how many there are. */
public final class ReassignPartitions {
    private ReassignPartitions() {}

    /**
     * The request.
     *
     * @param partition one partition; empty: all of the topic
     * @param target where the replicas are to be
     */
    public record Request(String topic, OptionalInt partition, Target target)
            implements RpcRequest<Response> {
        public Request {
            if (partition.isPresent()) {
                Range.check("partition", partition.getAsInt(), 0, Integer.MAX_VALUE);
            }
        }

        @Override
        public String type() {
            return "ReassignPartitions";
        }

        @Override
        public Class<Response> responseType() {
            return Response.class;
        }

        @Override
        public void writeFields(JsonWriter out) throws IOException {
            out.string("topic", topic);
            out.optional("partition", partition);
            switch (target) {
                case Target.Nodes(List<String> nodes) -> out.stringList("replicas", nodes);
                case Target.Count(int count) -> out.number("replicaCount", count);
                case Target.Cancel() -> out.bool("cancel", true);
            }
        }

        static Request read(JsonReader in) throws IOException {
            String topic = null;
            OptionalInt partition = OptionalInt.empty();
            Target nodes = null;
            Target count = null;
            Target cancel = null;
            for (String field = in.nextField(); field != null; field = in.nextField()) {
                switch (field) {
                    case "topic" -> topic = in.string();
                    case "partition" -> partition = OptionalInt.of(in.int32(0, Integer.MAX_VALUE));
                    case "replicas" -> nodes = new Target.Nodes(in.list(JsonReader::string));
                    case "replicaCount" -> count = new Target.Count(in.int32(1, Integer.MAX_VALUE));
                    case "cancel" -> cancel = in.bool() ? new Target.Cancel() : null;
                    default -> in.skip();
                }
            }
            List<Target> given =
                    Stream.of(
                                    Optional.ofNullable(nodes),
                                    Optional.ofNullable(count),
                                    Optional.ofNullable(cancel))
                            .flatMap(Optional::stream)
                            .toList();
            Range.check(
                    given.size() == 1,
                    "one of 'replicas', 'replicaCount' and 'cancel' is needed, %d are given"
                            .formatted(given.size()));
            return new Request(in.required("topic", topic), partition, given.getFirst());
        }
    }

    /** Where replicas are to be. */
    public sealed interface Target {
        /** On these nodes, the preferred leader first. */
        record Nodes(List<String> nodes) implements Target {
            public Nodes {
                nodes = List.copyOf(nodes);
                Range.check(!nodes.isEmpty(), "field 'replicas' names no node");
            }
        }

        /** On so many nodes, which the cluster chooses; those that have one keep it. */
        record Count(int count) implements Target {
            public Count {
                Range.check("replicaCount", count, 1, Integer.MAX_VALUE);
            }
        }

        /** Where they were before the move that is under way. */
        record Cancel() implements Target {}
    }

    /**
     * What was decided; the copying takes as long as it takes.
     *
     * @param partitions in the order of their numbers
     */
    public record Response(String topic, List<Moved> partitions) implements RpcResponse {
        public Response {
            partitions = List.copyOf(partitions);
        }

        @Override
        public String type() {
            return "ReassignPartitionsResponse";
        }

        @Override
        public void writeFields(JsonWriter out) throws IOException {
            out.string("topic", topic);
            out.list("partitions", partitions, Moved::write);
        }

        static Response read(JsonReader in) throws IOException {
            String topic = null;
            List<Moved> partitions = null;
            for (String field = in.nextField(); field != null; field = in.nextField()) {
                switch (field) {
                    case "topic" -> topic = in.string();
                    case "partitions" -> partitions = in.list(Moved::read);
                    default -> in.skip();
                }
            }
            return new Response(in.required("topic", topic), in.required("partitions", partitions));
        }
    }

    /**
     * A partition after the request.
     *
     * @param replicas node ids of all that have a replica or are getting one
     * @param adding those of them that still copy
     * @param removing those of them that go once the others are in sync
     * @param error why nothing was changed; the lists are empty then
     */
    public record Moved(
            int partition,
            List<String> replicas,
            List<String> adding,
            List<String> removing,
            Optional<Refusal> error) {
        public Moved {
            replicas = List.copyOf(replicas);
            adding = List.copyOf(adding);
            removing = List.copyOf(removing);
        }

        /** Whether replicas are on their way. */
        public boolean underWay() {
            return !adding.isEmpty() || !removing.isEmpty();
        }

        static Moved read(JsonReader in) throws IOException {
            in.object();
            Integer partition = null;
            List<String> replicas = List.of();
            List<String> adding = List.of();
            List<String> removing = List.of();
            Optional<Refusal> error = Optional.empty();
            for (String field = in.nextField(); field != null; field = in.nextField()) {
                switch (field) {
                    case "partition" -> partition = in.int32(0, Integer.MAX_VALUE);
                    case "replicas" -> replicas = in.list(JsonReader::string);
                    case "adding" -> adding = in.list(JsonReader::string);
                    case "removing" -> removing = in.list(JsonReader::string);
                    case "error" -> error = Optional.of(Refusal.read(in));
                    default -> in.skip();
                }
            }
            return new Moved(
                    in.required("partition", partition), replicas, adding, removing, error);
        }

        static void write(JsonWriter out, Moved element) throws IOException {
            out.beginObject();
            out.number("partition", element.partition);
            out.stringList("replicas", element.replicas);
            out.stringList("adding", element.adding);
            out.stringList("removing", element.removing);
            Refusal.write(out, element.error);
            out.endObject();
        }
    }
}
