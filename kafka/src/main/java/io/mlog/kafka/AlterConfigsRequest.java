package io.mlog.kafka;

import java.util.List;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Readable;
import org.jspecify.annotations.Nullable;

/**
 * An AlterConfigs or an IncrementalAlterConfigs request.
 *
 * <pre>
 * request:  [resources], validate only boolean
 * resource: type int8, name string, [configs]
 * config:   name string, operation int8 (incremental), value nullable string
 * </pre>
 */
record AlterConfigsRequest(List<Resource> resources, boolean validateOnly) {
    /** What is to be altered, and how. */
    record Resource(ConfigResource target, List<Config> configs) {}

    /**
     * One config of it.
     *
     * @param operation Kafka's number of what is done, 0 (set) when not incremental
     */
    record Config(String name, byte operation, @Nullable String value) {}

    static AlterConfigsRequest read(Readable in, ApiKeys api, short version) {
        FieldReader fields = new FieldReader(in, api, version);
        boolean incremental = api == ApiKeys.INCREMENTAL_ALTER_CONFIGS;
        List<Resource> resources = fields.list(() -> resource(fields, incremental));
        AlterConfigsRequest request = new AlterConfigsRequest(resources, fields.bool());
        fields.end();
        return request;
    }

    private static Resource resource(FieldReader fields, boolean incremental) {
        ConfigResource target = new ConfigResource(fields.int8(), fields.string());
        Resource resource = new Resource(target, fields.list(() -> config(fields, incremental)));
        fields.end();
        return resource;
    }

    private static Config config(FieldReader fields, boolean incremental) {
        String name = fields.string();
        byte operation = incremental ? fields.int8() : 0;
        Config config = new Config(name, operation, fields.nullableString());
        fields.end();
        return config;
    }
}
