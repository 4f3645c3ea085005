using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Movento.ControlPlane.Recommendations.Models;

/// <summary>
/// A model as a file: <c>MVREC001</c>, the number of films and of terms (32 bits each, little-endian), 16 bytes of id a film, a float of popularity a film,
/// and for each term its decay as a float and its weights (<see cref="FilmWeights.Bytes"/>).
/// </summary>
internal static class ModelFile
{
    private const int MaxFilms = 20_000;
    private const int MaxTerms = 4;
    private const int IdBytes = 16;

    private static ReadOnlySpan<byte> Magic => "MVREC001"u8;

    public static void Write(RecommendationModel model, Stream stream)
    {
        stream.Write(Magic);
        WriteNumber(stream, model.Films.Length);
        WriteNumber(stream, model.Terms.Length);
        Span<byte> id = stackalloc byte[IdBytes];
        foreach (var film in model.Films)
        {
            film.TryWriteBytes(id);
            stream.Write(id);
        }

        stream.Write(MemoryMarshal.AsBytes(model.Popularity.AsSpan()));
        foreach (var term in model.Terms)
        {
            WriteNumber(stream, BitConverter.SingleToInt32Bits(term.Decay));
            stream.Write(term.Weights.Bytes);
        }
    }

    /// <exception cref="InvalidDataException">It is none, or not as long as it says.</exception>
    public static RecommendationModel Read(Stream stream)
    {
        try
        {
            var model = ReadModel(stream);
            return stream.ReadByte() < 0 ? model : throw new InvalidDataException("The model goes on after its end.");
        }
        catch (EndOfStreamException error)
        {
            throw new InvalidDataException("The model ends early.", error);
        }
    }

    private static RecommendationModel ReadModel(Stream stream)
    {
        Span<byte> magic = stackalloc byte[Magic.Length];
        stream.ReadExactly(magic);
        if (!magic.SequenceEqual(Magic)) throw new InvalidDataException("It is no model.");
        var films = ReadNumber(stream);
        var terms = ReadNumber(stream);
        if (films is < 0 or > MaxFilms || terms is < 0 or > MaxTerms) throw new InvalidDataException($"A model of {films} films and {terms} terms is none of ours.");
        var ids = ImmutableArray.CreateBuilder<Guid>(films);
        Span<byte> id = stackalloc byte[IdBytes];
        for (var film = 0; film < films; film++)
        {
            stream.ReadExactly(id);
            ids.Add(new Guid(id));
        }

        var popularity = new float[films];
        stream.ReadExactly(MemoryMarshal.AsBytes(popularity.AsSpan()));
        var read = ImmutableArray.CreateBuilder<ModelTerm>(terms);
        for (var term = 0; term < terms; term++)
        {
            var decay = BitConverter.Int32BitsToSingle(ReadNumber(stream));
            read.Add(new ModelTerm(FilmWeights.Read(films, stream), decay));
        }

        return new RecommendationModel(ids.MoveToImmutable(), [.. popularity], read.MoveToImmutable());
    }

    private static void WriteNumber(Stream stream, int number)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, number);
        stream.Write(bytes);
    }

    private static int ReadNumber(Stream stream)
    {
        Span<byte> bytes = stackalloc byte[4];
        stream.ReadExactly(bytes);
        return BinaryPrimitives.ReadInt32LittleEndian(bytes);
    }
}
