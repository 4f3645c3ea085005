using Dapper;
using Npgsql;

namespace Movento.ControlPlane.Catalogue.Search;

/// <summary>
/// The words of titles and names, held by this process for its answers to typing errors: to look through a hundred thousand takes it less than a millisecond, the
/// database's trigrams take several. Each use reads what came since the one before.
/// </summary>
internal sealed class KnownWords : IDisposable
{
    /// <summary>Words that are held, at 50 bytes or so each; a catalogue with more leaves them to the database.</summary>
    public const int DefaultMostHeld = 500_000;

    private readonly SemaphoreSlim _reading = new(1, 1);
    private readonly int _mostHeld;
    private WordList _held = WordList.Empty;

    // Every transaction before this one is over, and its words are held.
    private string _horizon = "0";
    private volatile bool _areTooMany;

    public KnownWords()
        : this(DefaultMostHeld)
    {
    }

    /// <param name="mostHeld">Words.</param>
    public KnownWords(int mostHeld) => _mostHeld = mostHeld;

    /// <summary>All words that there are; null where there are more than this process holds.</summary>
    public async Task<WordList?> ReadAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        if (_areTooMany) return null;
        await _reading.WaitAsync(cancellationToken);
        try
        {
            // Numbers of transactions past this one are of another server, from which the database was copied: those words came with the first reading.
            var isFirst = _horizon == "0";
            var (newHorizon, words) = await connection.QuerySingleAsync<(string, string[])>(new CommandDefinition(
                $"""
                SELECT pg_snapshot_xmin(pg_current_snapshot())::text, ARRAY(SELECT word FROM search_words
                WHERE {(isFirst ? "true" : "added >= @horizon::xid8 AND added < pg_snapshot_xmax(pg_current_snapshot())")} LIMIT @most)
                """,
                new { horizon = _horizon, most = _mostHeld + 1 },
                cancellationToken: cancellationToken));
            var held = _held.With(words);
            if (held.Count > _mostHeld)
            {
                _areTooMany = true;
                _held = WordList.Empty;
                return null;
            }

            (_held, _horizon) = (held, newHorizon);
            return held;
        }
        finally
        {
            _reading.Release();
        }
    }

    /// <summary>Holds nothing any more: the next use reads all of them.</summary>
    public void Forget() => (_held, _horizon, _areTooMany) = (WordList.Empty, "0", false);

    public void Dispose() => _reading.Dispose();
}
