package io.mlog.protocol;

import io.mlog.model.HostPort;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Tells who is in the cluster. */
public final class DescribeCluster {
    private DescribeCluster() {}

    /** The request; it has no fields. */
    public record Request() implements RpcRequest<Response> {
        @Override
        public String type() {
            return "DescribeCluster";
        }

        @Override
        public Class<Response> responseType() {
            return Response.class;
        }

        @Override
        public void writeFields(JsonWriter out) {}

        static Request read(JsonReader in) throws IOException {
            in.skipFields();
            return new Request();
        }
    }

    /**
     * The cluster.
     *
     * @param clusterId its permanent name
     */
    public record Response(String clusterId, List<Node> nodes, Raft raft) implements RpcResponse {
        public Response {
            nodes = List.copyOf(nodes);
        }

        @Override
        public String type() {
            return "DescribeClusterResponse";
        }

        @Override
        public void writeFields(JsonWriter out) throws IOException {
            out.string("clusterId", clusterId);
            out.list("nodes", nodes, Node::write);
            raft.write(out);
        }

        static Response read(JsonReader in) throws IOException {
            String clusterId = null;
            List<Node> nodes = null;
            Raft raft = null;
            for (String field = in.nextField(); field != null; field = in.nextField()) {
                switch (field) {
                    case "clusterId" -> clusterId = in.string();
                    case "nodes" -> nodes = in.list(Node::read);
                    case "raft" -> raft = Raft.read(in);
                    default -> in.skip();
                }
            }
            return new Response(
                    in.required("clusterId", clusterId),
                    in.required("nodes", nodes),
                    in.required("raft", raft));
        }
    }

    /**
     * A broker.
     *
     * @param id node id
     * @param brokerId number that Kafka clients see
     * @param addr where this client reaches it
     * @param state up, fenced, stopping or failed
     * @param version of mlog, as registered
     * @param roles such as broker and voter
     * @param replicas of how many partitions it has a copy
     * @param leads of how many of them it is the leader
     * @param outOfSync of how many of them its copy is not in sync
     * @param lag the most records that it lacks of any partition that the answering node leads;
     *     empty when it follows none of those
     */
    public record Node(
            String id,
            int brokerId,
            HostPort addr,
            String state,
            String version,
            List<String> roles,
            int replicas,
            int leads,
            int outOfSync,
            OptionalLong lag) {
        public Node {
            roles = List.copyOf(roles);
        }

        static Node read(JsonReader in) throws IOException {
            in.object();
            String id = null;
            Integer brokerId = null;
            HostPort addr = null;
            String state = null;
            String version = null;
            List<String> roles = null;
            int replicas = 0;
            int leads = 0;
            int outOfSync = 0;
            OptionalLong lag = OptionalLong.empty();
            for (String field = in.nextField(); field != null; field = in.nextField()) {
                switch (field) {
                    case "id" -> id = in.string();
                    case "brokerId" -> brokerId = in.int32(0, Integer.MAX_VALUE);
                    case "addr" -> addr = in.address();
                    case "state" -> state = in.string();
                    case "version" -> version = in.string();
                    case "roles" -> roles = in.list(JsonReader::string);
                    case "replicas" -> replicas = in.int32(0, Integer.MAX_VALUE);
                    case "leads" -> leads = in.int32(0, Integer.MAX_VALUE);
                    case "outOfSync" -> outOfSync = in.int32(0, Integer.MAX_VALUE);
                    case "lag" -> lag = in.optionalInt64();
                    default -> in.skip();
                }
            }
            return new Node(
                    in.required("id", id),
                    in.required("brokerId", brokerId),
                    in.required("addr", addr),
                    in.required("state", state),
                    in.required("version", version),
                    in.required("roles", roles),
                    replicas,
                    leads,
                    outOfSync,
                    lag);
        }

        static void write(JsonWriter out, Node element) throws IOException {
            out.beginObject();
            out.string("id", element.id);
            out.number("brokerId", element.brokerId);
            out.string("addr", element.addr.toString());
            out.string("state", element.state);
            out.string("version", element.version);
            out.stringList("roles", element.roles);
            out.number("replicas", element.replicas);
            out.number("leads", element.leads);
            out.number("outOfSync", element.outOfSync);
            out.optional("lag", element.lag);
            out.endObject();
        }
    }

    /**
     * The metadata quorum.
     *
     * @param leader node id, empty while there is none
     * @param term number of the present leadership
     * @param voters node ids
     */
    public record Raft(Optional<String> leader, long term, List<String> voters) {
        public Raft {
            voters = List.copyOf(voters);
        }

        static Raft read(JsonReader in) throws IOException {
            in.object();
            Optional<String> leader = Optional.empty();
            Long term = null;
            List<String> voters = null;
            for (String field = in.nextField(); field != null; field = in.nextField()) {
                switch (field) {
                    case "leader" -> leader = in.optionalString();
                    case "term" -> term = in.int64();
                    case "voters" -> voters = in.list(JsonReader::string);
                    default -> in.skip();
                }
            }
            return new Raft(leader, in.required("term", term), in.required("voters", voters));
        }

        void write(JsonWriter out) throws IOException {
            out.field("raft");
            out.beginObject();
            out.stringOrNull("leader", leader);
            out.number("term", term);
            out.stringList("voters", voters);
            out.endObject();
        }
    }
}
