package io.mlog.services;

/**
 * The requests of Kafka's protocol that {@link GroupService#handle} answers, with the versions of
 * each: what a broker tells its clients.
 */
public enum GroupApi {
    OFFSET_COMMIT(8, 2, 10),
    OFFSET_FETCH(9, 1, 10),
    JOIN_GROUP(11, 0, 9),
    HEARTBEAT(12, 0, 4),
    LEAVE_GROUP(13, 0, 5),
    SYNC_GROUP(14, 0, 5),
    DESCRIBE_GROUPS(15, 0, 6),
    LIST_GROUPS(16, 0, 5),
    DELETE_GROUPS(42, 0, 3),
    OFFSET_DELETE(47, 0, 0),
    CONSUMER_GROUP_HEARTBEAT(68, 0, 1),
    CONSUMER_GROUP_DESCRIBE(69, 0, 1);

    private static final GroupApi[] VALUES = values();

    private final short key;
    private final short minVersion;
    private final short maxVersion;

    GroupApi(int key, int minVersion, int maxVersion) {
        this.key = (short) key;
        this.minVersion = (short) minVersion;
        this.maxVersion = (short) maxVersion;
    }

    /** Kafka's number of the API. */
    public short key() {
        return key;
    }

    /** Lowest version that is answered. */
    public short minVersion() {
        return minVersion;
    }

    /** Highest version that is answered. */
    public short maxVersion() {
        return maxVersion;
    }

    /** Whether requests of that number and version are answered. */
    public static boolean answers(short key, short version) {
        for (GroupApi api : VALUES) {
            if (api.key == key) {
                return version >= api.minVersion && version <= api.maxVersion;
            }
        }
        return false;
    }
}
