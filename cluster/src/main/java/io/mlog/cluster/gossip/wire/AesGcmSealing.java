package io.mlog.cluster.gossip.wire;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.KDF;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.HKDFParameterSpec;

/**
 * AES-256-GCM under a key of this connection alone, made by HKDF of the cluster key and random
 * bytes of both ends. The nonce of a frame is its number, so no nonce is used twice under a key,
 * and a frame that is repeated, left out or sent on another connection does not open. Not thread
 * safe.
 */
final class AesGcmSealing implements Sealing {
    private static final byte[] PURPOSE = "mlog gossip 1".getBytes(StandardCharsets.US_ASCII);
    private static final int KEY_BYTES = 32;
    private static final int TAG_BITS = 128;

    private final SecretKey key;
    private final Cipher cipher;
    private long frames;

    private AesGcmSealing(SecretKey key) throws GeneralSecurityException {
        this.key = key;
        this.cipher = Cipher.getInstance("AES/GCM/NoPadding");
    }

    static AesGcmSealing of(ClusterKey clusterKey, byte[] clientRandom, byte[] serverRandom)
            throws GeneralSecurityException {
        return new AesGcmSealing(
                KDF.getInstance("HKDF-SHA256")
                        .deriveKey(
                                "AES",
                                HKDFParameterSpec.ofExtract()
                                        .addIKM(clusterKey.secret())
                                        .addSalt(clientRandom)
                                        .addSalt(serverRandom)
                                        .thenExpand(PURPOSE, KEY_BYTES)));
    }

    @Override
    public byte[] seal(byte[] letter) throws GeneralSecurityException {
        cipher.init(Cipher.ENCRYPT_MODE, key, nextNonce());
        return cipher.doFinal(letter);
    }

    @Override
    public byte[] open(byte[] frame) throws GeneralSecurityException {
        cipher.init(Cipher.DECRYPT_MODE, key, nextNonce());
        return cipher.doFinal(frame);
    }

    private GCMParameterSpec nextNonce() {
        byte[] nonce = ByteBuffer.allocate(12).putInt(0).putLong(frames++).array();
        return new GCMParameterSpec(TAG_BITS, nonce);
    }
}
