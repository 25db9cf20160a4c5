package io.mlog.cluster.gossip.wire;

/** A choice that is a byte on the wire. A number is never used for another meaning. */
interface Numbered {
    /** 1 to 255. */
    int number();
}
