package io.mailkeep.keys.internal;

import io.mailkeep.kernel.Framed;
import io.mailkeep.kernel.Problem;
import io.mailkeep.kernel.Randomness;
import io.mailkeep.kernel.Secret;
import io.mailkeep.kernel.Unavailable;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/**
 * Password verifiers: Argon2id (RFC 9106) with 19 MiB, two passes, one lane, as PHC strings. At
 * most two are computed at a time and 1,024 wait, as many as half a minute is enough for: more than
 * that is put off, so that sign-ins can't eat the memory ({@code ATK-69}). Attempts on one name
 * with one password at the same time are computed once, as when somebody's mail program opens all
 * its connections ({@code FLT-36}); nothing of an attempt is remembered after it.
 *
 * <p>A password is compared in the form of RFC 8265 <em>OpaqueString</em>: other spaces become
 * U+0020, then NFC; one longer than 1,024 bytes matches nothing and costs the same.
 */
public final class Passwords {
    /** A longer password is never hashed. */
    public static final int LENGTH_MAX_BYTES = 1024;

    private static final int THREADS = 2;
    private static final int WAITING_MAX = 1_024;
    private static final int SALT_BYTES = 16;
    private static final int HASH_BYTES = 32;
    private static final Cost COST = new Cost(19_456, 2, 1);
    private static final Pattern PHC =
            Pattern.compile(
                    "\\$argon2id\\$v=19\\$m=([0-9]{1,7}),t=([0-9]{1,2}),p=([0-9]{1,2})"
                            + "\\$([A-Za-z0-9+/]{11,86})\\$([A-Za-z0-9+/]{22,86})");

    private final Randomness randomness;
    private final Verifier dummy;

    /** What is being computed, by a keyed hash of all that it is computed from. */
    private final Map<ByteBuffer, FutureTask<byte[]>> computing = new ConcurrentHashMap<>();

    private final byte[] computingKey;
    private final ThreadPoolExecutor pool =
            new ThreadPoolExecutor(
                    THREADS,
                    THREADS,
                    0,
                    TimeUnit.SECONDS,
                    new ArrayBlockingQueue<>(WAITING_MAX),
                    Thread.ofPlatform().daemon().name("argon2-", 0).factory());

    record Cost(int memoryKib, int passes, int lanes) {
        boolean bearable() {
            return memoryKib >= 8 * lanes
                    && memoryKib <= 262_144
                    && passes >= 1
                    && passes <= 16
                    && lanes >= 1
                    && lanes <= 8;
        }
    }

    private record Verifier(Cost cost, byte[] salt, byte[] hash) {
        String phc() {
            Base64.Encoder base64 = Base64.getEncoder().withoutPadding();
            return "$argon2id$v=19$m=%d,t=%d,p=%d$%s$%s"
                    .formatted(
                            cost.memoryKib(),
                            cost.passes(),
                            cost.lanes(),
                            base64.encodeToString(salt),
                            base64.encodeToString(hash));
        }
    }

    public Passwords(Randomness randomness) {
        this.randomness = randomness;
        computingKey = randomness.bytes(HASH_BYTES);
        dummy = new Verifier(COST, randomness.bytes(SALT_BYTES), randomness.bytes(HASH_BYTES));
    }

    /** A verifier; empty for a password that can't be one (empty, too long, control characters). */
    public Optional<byte[]> hash(Secret password) {
        Optional<byte[]> prepared = prepared(password);
        if (prepared.isEmpty() || prepared.get().length == 0) {
            return Optional.empty();
        }
        byte[] salt = randomness.bytes(SALT_BYTES);
        byte[] hash =
                computed(
                        ByteBuffer.wrap(salt),
                        () -> argon2id(COST, salt, prepared.get(), HASH_BYTES));
        Arrays.fill(prepared.get(), (byte) 0);
        String phc = new Verifier(COST, salt, hash).phc();
        return Optional.of(phc.getBytes(StandardCharsets.US_ASCII));
    }

    /**
     * Whether the password is right; without a verifier it takes as long, and isn't.
     *
     * @param name who is signing in: attempts on different names share nothing, or it could be told
     *     from their time which of them have no verifier ({@code ATK-68})
     */
    public boolean matches(String name, Optional<byte[]> verifier, Secret password) {
        Optional<Verifier> parsed = verifier.flatMap(Passwords::parse);
        Optional<byte[]> prepared = prepared(password).filter(bytes -> bytes.length > 0);
        Verifier against = parsed.orElse(dummy);
        byte[] clear = prepared.orElse(new byte[1]);
        byte[] attempt = Framed.of("attempt").and(name).and(against.phc()).and(clear).bytes();
        byte[] hash =
                computed(
                        ByteBuffer.wrap(Sealing.mac(computingKey, attempt)),
                        () ->
                                argon2id(
                                        against.cost(),
                                        against.salt(),
                                        clear,
                                        against.hash().length));
        Arrays.fill(attempt, (byte) 0);
        Arrays.fill(clear, (byte) 0);
        boolean same = MessageDigest.isEqual(hash, against.hash());
        return same && parsed.isPresent() && prepared.isPresent();
    }

    private byte[] computed(ByteBuffer from, Callable<byte[]> work) {
        FutureTask<byte[]> own = new FutureTask<>(work);
        FutureTask<byte[]> same = computing.putIfAbsent(from, own);
        if (same != null) {
            return result(same);
        }
        try {
            pool.execute(own);
            return result(own);
        } catch (RejectedExecutionException tooMany) {
            throw busy(tooMany);
        } finally {
            computing.remove(from, own);
            // unless it is done: whoever waits for it, too, is told
            own.cancel(true);
            pool.remove(own);
        }
    }

    private static byte[] result(Future<byte[]> computing) {
        try {
            return computing.get();
        } catch (CancellationException ended) {
            throw busy(ended);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new Unavailable(
                    Problem.temporary("The server is stopping.", "sign-in interrupted"), stopped);
        } catch (ExecutionException broken) {
            throw new IllegalStateException("Argon2id failed", broken);
        }
    }

    private static Unavailable busy(RuntimeException why) {
        return new Unavailable(
                new Problem(
                        451,
                        "4.7.0",
                        "Too many sign-ins at once; please try again in a moment.",
                        "more than " + WAITING_MAX + " sign-ins wait",
                        Problem.Fault.OURS),
                why);
    }

    static byte[] argon2id(Cost cost, byte[] salt, byte[] password, int bytes) {
        Argon2Parameters parameters =
                new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
                        .withVersion(Argon2Parameters.ARGON2_VERSION_13)
                        .withMemoryAsKB(cost.memoryKib())
                        .withIterations(cost.passes())
                        .withParallelism(cost.lanes())
                        .withSalt(salt)
                        .build();
        Argon2BytesGenerator generator = new Argon2BytesGenerator();
        generator.init(parameters);
        byte[] hash = new byte[bytes];
        generator.generateBytes(password, hash);
        return hash;
    }

    private static Optional<Verifier> parse(byte[] phc) {
        Matcher fields = PHC.matcher(new String(phc, StandardCharsets.US_ASCII));
        if (!fields.matches()) {
            return Optional.empty();
        }
        Cost cost =
                new Cost(
                        Integer.parseInt(fields.group(1)),
                        Integer.parseInt(fields.group(2)),
                        Integer.parseInt(fields.group(3)));
        try {
            Base64.Decoder base64 = Base64.getDecoder();
            return Optional.of(
                            new Verifier(
                                    cost,
                                    base64.decode(fields.group(4)),
                                    base64.decode(fields.group(5))))
                    .filter(verifier -> verifier.cost().bearable());
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
    }

    /** RFC 8265 4.2: width kept, other spaces to U+0020, case kept, NFC; no control characters. */
    private static Optional<byte[]> prepared(Secret password) {
        if (password.length() > LENGTH_MAX_BYTES) {
            return Optional.empty();
        }
        byte[] bytes = password.exposeSecretBytes();
        try {
            CharBuffer chars =
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .onMalformedInput(CodingErrorAction.REPORT)
                            .decode(ByteBuffer.wrap(bytes));
            StringBuilder spaced = new StringBuilder(chars.length());
            for (int at = 0; at < chars.length(); at++) {
                char c = chars.charAt(at);
                spaced.append(Character.getType(c) == Character.SPACE_SEPARATOR ? ' ' : c);
            }
            if (spaced.chars().anyMatch(Character::isISOControl)) {
                return Optional.empty();
            }
            String normal = Normalizer.normalize(spaced, Normalizer.Form.NFC);
            return Optional.of(normal.getBytes(StandardCharsets.UTF_8));
        } catch (CharacterCodingException notText) {
            return Optional.empty();
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }
}
