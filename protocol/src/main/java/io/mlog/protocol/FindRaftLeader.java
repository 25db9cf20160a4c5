package io.mlog.protocol;

import io.mlog.model.HostPort;
import java.io.IOException;

/** Finds the node that leads the metadata quorum. */
public final class FindRaftLeader {
    private FindRaftLeader() {}

    /** The request; it has no fields. */
    public record Request() implements RpcRequest<Response> {
        @Override
        public String type() {
            return "FindRaftLeader";
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
     * The leader; without one the answer is LEADER_NOT_AVAILABLE.
     *
     * @param raftLeaderAddr where this client reaches it
     */
    public record Response(String raftLeaderNodeId, HostPort raftLeaderAddr)
            implements RpcResponse {
        @Override
        public String type() {
            return "FindRaftLeaderResponse";
        }

        @Override
        public void writeFields(JsonWriter out) throws IOException {
            out.string("raftLeaderNodeId", raftLeaderNodeId);
            out.string("raftLeaderAddr", raftLeaderAddr.toString());
        }

        static Response read(JsonReader in) throws IOException {
            String raftLeaderNodeId = null;
            HostPort raftLeaderAddr = null;
            for (String field = in.nextField(); field != null; field = in.nextField()) {
                switch (field) {
                    case "raftLeaderNodeId" -> raftLeaderNodeId = in.string();
                    case "raftLeaderAddr" -> raftLeaderAddr = in.address();
                    default -> in.skip();
                }
            }
            return new Response(
                    in.required("raftLeaderNodeId", raftLeaderNodeId),
                    in.required("raftLeaderAddr", raftLeaderAddr));
        }
    }
}
