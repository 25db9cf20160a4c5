package io.mlog.protocol;

import java.io.IOException;

/**
 * Takes a node out of the cluster for good. Each request goes on as far as it can; it is repeated
 * until the node has left, and may be sent to another node each time.
 */
public final class LeaveCluster {
    private LeaveCluster() {}

    /** What still has to happen. */
    public enum Phase {
        /** Other nodes copy the replicas that it has. */
        MOVING("moving"),
        /** It is no broker any more, and still a member of the metadata quorum. */
        LEAVING("leaving"),
        /** Nothing: it has left, or never was there. */
        LEFT("left");

        private final String word;

        Phase(String word) {
            this.word = word;
        }

        static Phase read(JsonReader in) throws IOException {
            String word = in.string();
            for (Phase phase : values()) {
                if (phase.word.equals(word)) {
                    return phase;
                }
            }
            throw in.refuse("field 'phase' is '" + word + "', none of moving, leaving and left");
        }
    }

    /**
     * The request.
     *
     * @param node id of the node that is to leave
     * @param fewerReplicas whether partitions may have fewer replicas afterwards, where no other
     *     node is there for one
     */
    public record Request(String node, boolean fewerReplicas) implements RpcRequest<Response> {
        @Override
        public String type() {
            return "LeaveCluster";
        }

        @Override
        public Class<Response> responseType() {
            return Response.class;
        }

        @Override
        public void writeFields(JsonWriter out) throws IOException {
            out.string("node", node);
            out.flag("fewerReplicas", fewerReplicas);
        }

        static Request read(JsonReader in) throws IOException {
            String node = null;
            boolean fewerReplicas = false;
            for (String field = in.nextField(); field != null; field = in.nextField()) {
                switch (field) {
                    case "node" -> node = in.string();
                    case "fewerReplicas" -> fewerReplicas = in.bool();
                    default -> in.skip();
                }
            }
            return new Request(in.required("node", node), fewerReplicas);
        }
    }

    /**
     * How far it is.
     *
     * @param partitions how many still have a replica on the node
     */
    public record Response(String node, Phase phase, int partitions) implements RpcResponse {
        @Override
        public String type() {
            return "LeaveClusterResponse";
        }

        @Override
        public void writeFields(JsonWriter out) throws IOException {
            out.string("node", node);
            out.string("phase", phase.word);
            out.number("partitions", partitions);
        }

        static Response read(JsonReader in) throws IOException {
            String node = null;
            Phase phase = null;
            int partitions = 0;
            for (String field = in.nextField(); field != null; field = in.nextField()) {
                switch (field) {
                    case "node" -> node = in.string();
                    case "phase" -> phase = Phase.read(in);
                    case "partitions" -> partitions = in.int32(0, Integer.MAX_VALUE);
                    default -> in.skip();
                }
            }
            return new Response(in.required("node", node), in.required("phase", phase), partitions);
        }
    }
}
