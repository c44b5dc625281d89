package io.mailkeep.kernel;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Never holds more than so many entries: beyond that the one goes that was longest neither put nor
 * asked for. Not for several threads at once; asking is a change, too.
 */
public final class RecentMap<K, V> extends LinkedHashMap<K, V> {
    private static final long serialVersionUID = 1L;
    private static final int FIRST = 16;
    private static final float LOAD = 0.75f;

    private final int most;

    /** An empty one, for at most this many entries. */
    public RecentMap(int most) {
        super(FIRST, LOAD, true);
        this.most = most;
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
        return size() > most;
    }
}
