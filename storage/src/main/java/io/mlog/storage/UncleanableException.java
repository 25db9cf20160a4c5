package io.mlog.storage;

/**
 * A log cannot be compacted, though its checksums are good: a batch holds bytes that are not
 * records, or too many of them.
 */
final class UncleanableException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient Damage damage;

    UncleanableException(Damage damage) {
        super(damage.toString(), null, false, false);
        this.damage = damage;
    }

    Damage damage() {
        return damage;
    }
}
