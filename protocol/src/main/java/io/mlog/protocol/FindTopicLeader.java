package io.mlog.protocol;

import io.mlog.model.HostPort;
import java.io.IOException;

/** Finds the node that leads a partition. */
public final class FindTopicLeader {
    private FindTopicLeader() {}

    /**
     * The request.
     *
     * @param partition 0 when it is left out
     */
    public record Request(String topic, int partition) implements RpcRequest<Response> {
        public Request {
            Range.check("partition", partition, 0, Integer.MAX_VALUE);
        }

        @Override
        public String type() {
            return "FindTopicLeader";
        }

        @Override
        public Class<Response> responseType() {
            return Response.class;
        }

        @Override
        public void writeFields(JsonWriter out) throws IOException {
            out.string("topic", topic);
            out.number("partition", partition);
        }

        static Request read(JsonReader in) throws IOException {
            String topic = null;
            int partition = 0;
            for (String field = in.nextField(); field != null; field = in.nextField()) {
                switch (field) {
                    case "topic" -> topic = in.string();
                    case "partition" -> partition = in.int32(0, Integer.MAX_VALUE);
                    default -> in.skip();
                }
            }
            return new Request(in.required("topic", topic), partition);
        }
    }

    /**
     * The leader; without one the answer is LEADER_NOT_AVAILABLE.
     *
     * @param leaderAddr where this client reaches it
     */
    public record Response(String leaderNodeId, HostPort leaderAddr) implements RpcResponse {
        @Override
        public String type() {
            return "FindTopicLeaderResponse";
        }

        @Override
        public void writeFields(JsonWriter out) throws IOException {
            out.string("leaderNodeId", leaderNodeId);
            out.string("leaderAddr", leaderAddr.toString());
        }

        static Response read(JsonReader in) throws IOException {
            String leaderNodeId = null;
            HostPort leaderAddr = null;
            for (String field = in.nextField(); field != null; field = in.nextField()) {
                switch (field) {
                    case "leaderNodeId" -> leaderNodeId = in.string();
                    case "leaderAddr" -> leaderAddr = in.address();
                    default -> in.skip();
                }
            }
            return new Response(
                    in.required("leaderNodeId", leaderNodeId),
                    in.required("leaderAddr", leaderAddr));
        }
    }
}
