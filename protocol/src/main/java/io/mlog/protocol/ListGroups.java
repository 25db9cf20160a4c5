package io.mlog.protocol;

import java.io.IOException;
import java.util.List;

/** Lists the consumer groups that the answering node coordinates; every node has its own. */
public final class ListGroups {
    private ListGroups() {}

    /** The request; it has no fields. */
    public record Request() implements RpcRequest<Response> {
        @Override
        public String type() {
            return "ListGroups";
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

    /** The node's groups, by name. */
    public record Response(List<Group> groups) implements RpcResponse {
        public Response {
            groups = List.copyOf(groups);
        }

        @Override
        public String type() {
            return "ListGroupsResponse";
        }

        @Override
        public void writeFields(JsonWriter out) throws IOException {
            out.list("groups", groups, Group::write);
        }

        static Response read(JsonReader in) throws IOException {
            List<Group> groups = null;
            for (String field = in.nextField(); field != null; field = in.nextField()) {
                switch (field) {
                    case "groups" -> groups = in.list(Group::read);
                    default -> in.skip();
                }
            }
            return new Response(in.required("groups", groups));
        }
    }

    /**
     * A group in short.
     *
     * @param groupType classic, or consumer for KIP-848
     * @param state as Kafka names it, such as Stable or Empty
     * @param protocolType what its members are, such as consumer or connect; empty when it has only
     *     offsets
     */
    public record Group(String group, String groupType, String state, String protocolType) {
        static Group read(JsonReader in) throws IOException {
            in.object();
            String group = null;
            String groupType = null;
            String state = null;
            String protocolType = "";
            for (String field = in.nextField(); field != null; field = in.nextField()) {
                switch (field) {
                    case "group" -> group = in.string();
                    case "groupType" -> groupType = in.string();
                    case "state" -> state = in.string();
                    case "protocolType" -> protocolType = in.string();
                    default -> in.skip();
                }
            }
            return new Group(
                    in.required("group", group),
                    in.required("groupType", groupType),
                    in.required("state", state),
                    protocolType);
        }

        static void write(JsonWriter out, Group element) throws IOException {
            out.beginObject();
            out.string("group", element.group);
            out.string("groupType", element.groupType);
            out.string("state", element.state);
            out.string("protocolType", element.protocolType);
            out.endObject();
        }
    }
}
