package io.mlog.kafka;

import org.apache.kafka.common.protocol.ApiKeys;

/**
 * One API that this broker answers, as ApiVersions tells it.
 *
 * @param key Kafka's number of the API
 * @param api Kafka's name of it, such as {@code Produce}
 * @param minVersion lowest version told
 * @param maxVersion highest version told
 */
public record ApiVersionRange(short key, String api, short minVersion, short maxVersion) {
    static ApiVersionRange of(ApiKeys key, int minVersion, int maxVersion) {
        return new ApiVersionRange(key.id, key.name, (short) minVersion, (short) maxVersion);
    }

    boolean contains(short version) {
        return version >= minVersion && version <= maxVersion;
    }
}
