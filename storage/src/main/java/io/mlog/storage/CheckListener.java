package io.mlog.storage;

/** Hears what {@link DirectoryCheck} comes upon, while it goes on. */
public interface CheckListener {
    /** Something that is not as it was written: the disk, a program or a person changed it. */
    void finding(Damage damage);

    /**
     * What a kill or a loss of power may leave behind and the next start mends: a torn tail behind
     * the recovery point, an index that was not finished.
     */
    void note(Damage damage);

    /** So many bytes of log are checked by now; told every few megabytes. */
    default void progress(long checkedBytes) {}
}
