package io.mlog.protocol;

import java.io.IOException;

/** Deletes a consumer group that has no members, with the offsets it has committed. */
public final class DeleteGroup {
    private DeleteGroup() {}

    /** The request. */
    public record Request(String group) implements RpcRequest<Response> {
        @Override
        public String type() {
            return "DeleteGroup";
        }

        @Override
        public Class<Response> responseType() {
            return Response.class;
        }

        @Override
        public void writeFields(JsonWriter out) throws IOException {
            out.string("group", group);
        }

        static Request read(JsonReader in) throws IOException {
            String group = null;
            for (String field = in.nextField(); field != null; field = in.nextField()) {
                switch (field) {
                    case "group" -> group = in.string();
                    default -> in.skip();
                }
            }
            return new Request(in.required("group", group));
        }
    }

    /**
     * The group is gone.
     *
     * @param success true
     */
    public record Response(boolean success) implements RpcResponse {
        @Override
        public String type() {
            return "DeleteGroupResponse";
        }

        @Override
        public void writeFields(JsonWriter out) throws IOException {
            out.bool("success", success);
        }

        static Response read(JsonReader in) throws IOException {
            Boolean success = null;
            for (String field = in.nextField(); field != null; field = in.nextField()) {
                switch (field) {
                    case "success" -> success = in.bool();
                    default -> in.skip();
                }
            }
            return new Response(in.required("success", success));
        }
    }
}
