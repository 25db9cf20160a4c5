package io.mlog.storage;

/** A batch on disk does not hold together; carries where and how, without a stack trace. */
final class CorruptBatchException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient Damage damage;

    CorruptBatchException(Damage damage) {
        super(damage.toString(), null, false, false);
        this.damage = damage;
    }

    Damage damage() {
        return damage;
    }
}
