package io.mlog.protocol;

import io.mlog.model.HostPort;
import io.mlog.model.TopicId;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Tells everything about a topic. */
public final class DescribeTopic {
    private DescribeTopic() {}

    /**
     * The request.
     *
     * @param autoCreate whether an unknown topic is created as a Produce would create it, when the
     *     broker allows that
     */
    public record Request(String topic, boolean autoCreate) implements RpcRequest<Response> {
        @Override
        public String type() {
            return "DescribeTopic";
        }

        @Override
        public Class<Response> responseType() {
            return Response.class;
        }

        @Override
        public void writeFields(JsonWriter out) throws IOException {
            out.string("topic", topic);
            out.flag("autoCreate", autoCreate);
        }

        static Request read(JsonReader in) throws IOException {
            String topic = null;
            boolean autoCreate = false;
            for (String field = in.nextField(); field != null; field = in.nextField()) {
                switch (field) {
                    case "topic" -> topic = in.string();
                    case "autoCreate" -> autoCreate = in.bool();
                    default -> in.skip();
                }
            }
            return new Request(in.required("topic", topic), autoCreate);
        }
    }

    /**
     * The topic.
     *
     * @param topicId its permanent identity
     * @param replicas copies of each partition, the leader's included
     * @param configs every configuration value in force, by name
     * @param partitions by index: element i is partition i
     */
    public record Response(
            String topic,
            TopicId topicId,
            int replicas,
            List<Config> configs,
            List<Partition> partitions)
            implements RpcResponse {
        public Response {
            configs = List.copyOf(configs);
            partitions = List.copyOf(partitions);
        }

        @Override
        public String type() {
            return "DescribeTopicResponse";
        }

        @Override
        public void writeFields(JsonWriter out) throws IOException {
            out.string("topic", topic);
            out.string("topicId", topicId.toString());
            out.number("replicas", replicas);
            out.list("configs", configs, Config::write);
            out.list("partitions", partitions, Partition::write);
        }

        static Response read(JsonReader in) throws IOException {
            String topic = null;
            TopicId topicId = null;
            Integer replicas = null;
            List<Config> configs = null;
            List<Partition> partitions = null;
            for (String field = in.nextField(); field != null; field = in.nextField()) {
                switch (field) {
                    case "topic" -> topic = in.string();
                    case "topicId" -> topicId = in.topicId();
                    case "replicas" -> replicas = in.int32(0, Integer.MAX_VALUE);
                    case "configs" -> configs = in.list(Config::read);
                    case "partitions" -> partitions = in.list(Partition::read);
                    default -> in.skip();
                }
            }
            return new Response(
                    in.required("topic", topic),
                    in.required("topicId", topicId),
                    in.required("replicas", replicas),
                    in.required("configs", configs),
                    in.required("partitions", partitions));
        }
    }

    /**
     * A configuration value.
     *
     * @param value empty when there is none
     * @param source where it comes from: topic, broker or default
     */
    public record Config(String name, Optional<String> value, String source) {
        static Config read(JsonReader in) throws IOException {
            in.object();
            String name = null;
            Optional<String> value = Optional.empty();
            String source = null;
            for (String field = in.nextField(); field != null; field = in.nextField()) {
                switch (field) {
                    case "name" -> name = in.string();
                    case "value" -> value = in.optionalString();
                    case "source" -> source = in.string();
                    default -> in.skip();
                }
            }
            return new Config(in.required("name", name), value, in.required("source", source));
        }

        static void write(JsonWriter out, Config element) throws IOException {
            out.beginObject();
            out.string("name", element.name);
            out.stringOrNull("value", element.value);
            out.string("source", element.source);
            out.endObject();
        }
    }

    /**
     * A partition.
     *
     * @param leaderNodeId empty while there is no leader
     * @param leaderAddr where this client reaches the leader, empty while there is none
     * @param leaderEpoch number of the present leadership
     * @param replicas node ids, the preferred leader first
     * @param isr node ids of the in-sync replicas
     * @param log the answering node's own copy, empty when it holds none
     */
    public record Partition(
            int partition,
            Optional<String> leaderNodeId,
            Optional<HostPort> leaderAddr,
            int leaderEpoch,
            List<String> replicas,
            List<String> isr,
            Optional<Log> log) {
        public Partition {
            replicas = List.copyOf(replicas);
            isr = List.copyOf(isr);
        }

        static Partition read(JsonReader in) throws IOException {
            in.object();
            int partition = 0;
            Optional<String> leaderNodeId = Optional.empty();
            Optional<HostPort> leaderAddr = Optional.empty();
            Integer leaderEpoch = null;
            List<String> replicas = null;
            List<String> isr = null;
            Optional<Log> log = Optional.empty();
            for (String field = in.nextField(); field != null; field = in.nextField()) {
                switch (field) {
                    case "partition" -> partition = in.int32(0, Integer.MAX_VALUE);
                    case "leaderNodeId" -> leaderNodeId = in.optionalString();
                    case "leaderAddr" -> leaderAddr = in.optionalAddress();
                    case "leaderEpoch" -> leaderEpoch = in.int32(0, Integer.MAX_VALUE);
                    case "replicas" -> replicas = in.list(JsonReader::string);
                    case "isr" -> isr = in.list(JsonReader::string);
                    case "log" -> log = in.isNull() ? Optional.empty() : Optional.of(Log.read(in));
                    default -> in.skip();
                }
            }
            return new Partition(
                    partition,
                    leaderNodeId,
                    leaderAddr,
                    in.required("leaderEpoch", leaderEpoch),
                    in.required("replicas", replicas),
                    in.required("isr", isr),
                    log);
        }

        static void write(JsonWriter out, Partition element) throws IOException {
            out.beginObject();
            out.number("partition", element.partition);
            out.stringOrNull("leaderNodeId", element.leaderNodeId);
            out.addressOrNull("leaderAddr", element.leaderAddr);
            out.number("leaderEpoch", element.leaderEpoch);
            out.stringList("replicas", element.replicas);
            out.stringList("isr", element.isr);
            if (element.log.isPresent()) {
                element.log.get().write(out);
            } else {
                out.nullValue("log");
            }
            out.endObject();
        }
    }

    /**
     * A replica's log.
     *
     * @param logStartOffset first offset still readable
     * @param highWatermark first offset that consumers cannot read yet
     * @param logEndOffset offset that the next record gets
     * @param flushedOffset first offset not yet durable on this disk
     * @param sizeBytes bytes of its segments
     * @param followers what it knows of the other replicas while it leads, else empty
     * @param online false once the log is offline; {@code problem} then says why
     * @param refusals what was refused about it, the latest kind first
     */
    public record Log(
            long logStartOffset,
            long highWatermark,
            long logEndOffset,
            long flushedOffset,
            long sizeBytes,
            int segments,
            List<Follower> followers,
            boolean online,
            Optional<String> problem,
            List<Refusals> refusals) {
        public Log {
            followers = List.copyOf(followers);
            refusals = List.copyOf(refusals);
        }

        static Log read(JsonReader in) throws IOException {
            in.object();
            Long logStartOffset = null;
            Long highWatermark = null;
            Long logEndOffset = null;
            Long flushedOffset = null;
            Long sizeBytes = null;
            Integer segments = null;
            List<Follower> followers = List.of();
            Boolean online = null;
            Optional<String> problem = Optional.empty();
            List<Refusals> refusals = List.of();
            for (String field = in.nextField(); field != null; field = in.nextField()) {
                switch (field) {
                    case "logStartOffset" -> logStartOffset = in.int64();
                    case "highWatermark" -> highWatermark = in.int64();
                    case "logEndOffset" -> logEndOffset = in.int64();
                    case "flushedOffset" -> flushedOffset = in.int64();
                    case "sizeBytes" -> sizeBytes = in.int64();
                    case "segments" -> segments = in.int32(0, Integer.MAX_VALUE);
                    case "followers" -> followers = in.list(Follower::read);
                    case "online" -> online = in.bool();
                    case "problem" -> problem = in.optionalString();
                    case "refusals" -> refusals = in.list(Refusals::read);
                    default -> in.skip();
                }
            }
            return new Log(
                    in.required("logStartOffset", logStartOffset),
                    in.required("highWatermark", highWatermark),
                    in.required("logEndOffset", logEndOffset),
                    in.required("flushedOffset", flushedOffset),
                    in.required("sizeBytes", sizeBytes),
                    in.required("segments", segments),
                    followers,
                    in.required("online", online),
                    problem,
                    refusals);
        }

        void write(JsonWriter out) throws IOException {
            out.field("log");
            out.beginObject();
            out.number("logStartOffset", logStartOffset);
            out.number("highWatermark", highWatermark);
            out.number("logEndOffset", logEndOffset);
            out.number("flushedOffset", flushedOffset);
            out.number("sizeBytes", sizeBytes);
            out.number("segments", segments);
            out.list("followers", followers, Follower::write);
            out.bool("online", online);
            out.stringOrNull("problem", problem);
            out.list("refusals", refusals, Refusals::write);
            out.endObject();
        }
    }

    /**
     * Requests that were refused for one reason.
     *
     * @param code the error
     * @param count how many
     * @param lastMs when the last one was, ms since the epoch
     * @param message what that one was told
     */
    public record Refusals(String code, long count, long lastMs, String message) {
        static Refusals read(JsonReader in) throws IOException {
            in.object();
            String code = null;
            Long count = null;
            Long lastMs = null;
            String message = "";
            for (String field = in.nextField(); field != null; field = in.nextField()) {
                switch (field) {
                    case "code" -> code = in.string();
                    case "count" -> count = in.int64();
                    case "lastMs" -> lastMs = in.int64();
                    case "message" -> message = in.string();
                    default -> in.skip();
                }
            }
            return new Refusals(
                    in.required("code", code),
                    in.required("count", count),
                    in.required("lastMs", lastMs),
                    message);
        }

        static void write(JsonWriter out, Refusals element) throws IOException {
            out.beginObject();
            out.string("code", element.code);
            out.number("count", element.count);
            out.number("lastMs", element.lastMs);
            out.string("message", element.message);
            out.endObject();
        }
    }

    /**
     * What the leader knows of another replica.
     *
     * @param lag records that it was not seen to have
     * @param sinceCurrentMs how long ago it was last seen to keep up
     */
    public record Follower(String nodeId, boolean inSync, long lag, long sinceCurrentMs) {
        static Follower read(JsonReader in) throws IOException {
            in.object();
            String nodeId = null;
            Boolean inSync = null;
            Long lag = null;
            long sinceCurrentMs = 0;
            for (String field = in.nextField(); field != null; field = in.nextField()) {
                switch (field) {
                    case "nodeId" -> nodeId = in.string();
                    case "inSync" -> inSync = in.bool();
                    case "lag" -> lag = in.int64();
                    case "sinceCurrentMs" -> sinceCurrentMs = in.int64();
                    default -> in.skip();
                }
            }
            return new Follower(
                    in.required("nodeId", nodeId),
                    in.required("inSync", inSync),
                    in.required("lag", lag),
                    sinceCurrentMs);
        }

        static void write(JsonWriter out, Follower element) throws IOException {
            out.beginObject();
            out.string("nodeId", element.nodeId);
            out.bool("inSync", element.inSync);
            out.number("lag", element.lag);
            out.number("sinceCurrentMs", element.sinceCurrentMs);
            out.endObject();
        }
    }
}
