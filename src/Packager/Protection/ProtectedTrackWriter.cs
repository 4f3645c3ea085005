using Movento.Packager.Cmaf;
using Movento.Packager.Presentations;
using Movento.Packager.Tracks;

namespace Movento.Packager.Protection;

/// <summary>
/// Writes a CMAF track file whose samples are encrypted with cbcs or cenc. What stands in a moof depends on the samples after it, so
/// each fragment is read before it is written (again, where it does not fit one buffer), and the index, whose place comes first, is
/// written last. Memory stays at one batch of samples and one fragment's rows.
/// </summary>
internal sealed class ProtectedTrackWriter(Stream source, Stream destination, SourceTrack track, EncryptionScheme scheme, KeySchedule keys) : IDisposable
{
    private readonly SampleEncryptor _encryptor = new(track.Entry!.Box.AsSpan(), scheme, keys, samplesBefore: 0);
    private readonly SampleBatches _batches = new(source);

    /// <summary>Reads a fragment's samples and says how each is encrypted.</summary>
    /// <param name="fragment">Of the track.</param>
    /// <param name="segment">The index of its segment.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    public async ValueTask<FragmentProtection> PrepareAsync(FragmentPlan fragment, int segment, CancellationToken cancellationToken)
    {
        _encryptor.Begin();
        var end = fragment.First + fragment.Count;
        for (var first = fragment.First; first < end && _encryptor.HasRows;)
        {
            var count = _encryptor.HasSubsamples
                ? await _batches.ReadAsync(track.Samples, first, end, cancellationToken).ConfigureAwait(false)
                : end - first;
            _encryptor.Map(track.Samples.Span.Slice(first, count), _encryptor.HasSubsamples ? _batches.Bytes.Span : default);
            first += count;
        }

        return _encryptor.Describe(segment);
    }

    /// <summary>Writes the samples of the fragment that was prepared last.</summary>
    /// <param name="fragment">Of the track.</param>
    /// <param name="segment">The index of its segment.</param>
    /// <param name="cancellationToken">Stops the writing.</param>
    public async ValueTask WriteAsync(FragmentPlan fragment, int segment, CancellationToken cancellationToken)
    {
        var end = fragment.First + fragment.Count;
        for (var first = fragment.First; first < end;)
        {
            var count = await _batches.ReadAsync(track.Samples, first, end, cancellationToken).ConfigureAwait(false);
            _encryptor.Encrypt(track.Samples.Span.Slice(first, count), _batches.Bytes.Span, segment);
            _batches.Forget();
            await destination.WriteAsync(_batches.Bytes, cancellationToken).ConfigureAwait(false);
            first += count;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _batches.Dispose();
        _encryptor.Dispose();
    }
}
