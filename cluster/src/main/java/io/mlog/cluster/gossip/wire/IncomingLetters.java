package io.mlog.cluster.gossip.wire;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;

/**
 * The letters of one connection: unsealed, decoded, and not of another cluster. For the one thread
 * that reads it.
 */
final class IncomingLetters {
    private final GossipListener.Household household;

    /** What may have sealed the first frame; then the one that has. */
    private List<Sealing> sealings;

    /**
     * @throws RefusedException when the greetings show that the two do not fit
     */
    IncomingLetters(Greeting ours, Greeting theirs, GossipListener.Household household)
            throws RefusedException {
        this.household = household;
        if (household.isOurs(theirs.random())) {
            throw new RefusedException(Refusal.OURSELVES, "");
        }
        if (ours.sealed() != theirs.sealed()) {
            throw new RefusedException(ours.sealed() ? Refusal.IN_CLEAR : Refusal.SEALED, "");
        }
        sealings = ours.sealed() ? sealings(ours, theirs) : List.of(Sealing.NONE);
    }

    /**
     * The letter in the next frame.
     *
     * @throws RefusedException when we do not take it
     */
    Letter next(byte[] frame) throws RefusedException {
        byte[] opened = open(frame);
        Letter letter;
        try {
            letter = LetterCodec.decode(opened);
        } catch (IOException e) {
            throw new RefusedException(Refusal.MALFORMED, String.valueOf(e.getMessage()));
        }
        String cluster = household.clusterId();
        if (!cluster.isEmpty()
                && !letter.clusterId().isEmpty()
                && !letter.clusterId().equals(cluster)) {
            throw new RefusedException(
                    Refusal.OTHER_CLUSTER, "%s, ours is %s".formatted(letter.clusterId(), cluster));
        }
        return letter;
    }

    private byte[] open(byte[] frame) throws RefusedException {
        for (Sealing sealing : sealings) {
            try {
                byte[] letter = sealing.open(frame);
                sealings = List.of(sealing);
                return letter;
            } catch (GeneralSecurityException e) {
                // Perhaps it is the next key.
            }
        }
        throw new RefusedException(Refusal.WRONG_KEY, "");
    }

    private List<Sealing> sealings(Greeting ours, Greeting theirs) {
        List<Sealing> all = new ArrayList<>();
        for (ClusterKey key : household.settings().keys()) {
            try {
                all.add(AesGcmSealing.of(key, theirs.random(), ours.random()));
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("this Java has no AES-GCM or no HKDF", e);
            }
        }
        return all;
    }
}
