package io.mlog.storage;

/** What the body of a {@link CheckedFile} is; the number is on disk. */
public enum FileKind {
    IDENTITY(1),
    BOOT_EPOCH(2),
    RECOVERY_POINTS(3),
    HIGH_WATERMARKS(4),
    STOP_MARKER(5),
    PARTITION_METADATA(6),
    LEADER_EPOCHS(7),
    PRODUCERS(8),
    CLEANER_OFFSETS(9);

    private final short id;

    FileKind(int id) {
        this.id = (short) id;
    }

    /** The number on disk. */
    public short id() {
        return id;
    }
}
