package io.mlog.storage;

import java.io.IOException;

/** A file does not hold what was written to it. */
public final class DamagedFileException extends IOException {
    private static final long serialVersionUID = 1L;

    private final transient Damage damage;

    /** Tells what is damaged. */
    public DamagedFileException(Damage damage) {
        super(damage.toString());
        this.damage = damage;
    }

    /** Where and how. */
    public Damage damage() {
        return damage;
    }
}
