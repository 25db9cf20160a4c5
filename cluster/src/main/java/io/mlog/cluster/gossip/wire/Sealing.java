package io.mlog.cluster.gossip.wire;

import java.security.GeneralSecurityException;

/** Makes frames of letters and letters of frames, for one direction of one connection, in order. */
interface Sealing {
    /** Without a key: a frame is the letter. */
    Sealing NONE =
            new Sealing() {
                @Override
                public byte[] seal(byte[] letter) {
                    return letter;
                }

                @Override
                public byte[] open(byte[] frame) {
                    return frame;
                }
            };

    /** The next frame. */
    byte[] seal(byte[] letter) throws GeneralSecurityException;

    /**
     * The letter in the next frame.
     *
     * @throws GeneralSecurityException when it was sealed with another key, changed, repeated, or
     *     one before it is missing
     */
    byte[] open(byte[] frame) throws GeneralSecurityException;
}
