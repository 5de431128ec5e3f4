using FisherFlow.Snapshots;

namespace FisherFlow.Information;

public sealed partial class BlockDiagonalInformation
{
    /// <inheritdoc/>
    /// <remarks>New parameters come in groups of their own, named by their index.</remarks>
    public void Remap(ReadOnlySpan<int> map, int dimension)
    {
        ParameterMap.Verify(map, Dimension, dimension);
        var groups = new string?[dimension];
        for (var i = 0; i < map.Length; i++) { groups[map[i]] = _names[_group[i]]; }
        var taken = _names.ToHashSet();
        for (var i = 0; i < dimension; i++)
        {
            if (groups[i] is not null) { continue; }
            var name = $"{i}";
            while (!taken.Add(name)) { name += "'"; }
            groups[i] = name;
        }
        Remap(map, groups!);
    }

    /// <summary>Renames and grows the parameters, new ones joining the groups that are named for them.</summary>
    /// <param name="map">New index of each old parameter, <c>[d]</c>, all different.</param>
    /// <param name="groups">The group of each new parameter, by name; <c>[new d]</c>. Old parameters stay with those of their old group.</param>
    /// <exception cref="ArgumentException">The map is not legal, or an old parameter was given another group.</exception>
    public void Remap(ReadOnlySpan<int> map, IReadOnlyList<string> groups)
    {
        ParameterMap.Verify(map, Dimension, groups.Count);
        for (var i = 0; i < map.Length; i++)
        {
            if (groups[map[i]] != _names[_group[i]]) { throw new ArgumentException($"parameter {i} belongs to group {_names[_group[i]]} and cannot go to {groups[map[i]]}", nameof(groups)); }
        }
        var grown = new BlockDiagonalInformation(groups);
        for (var g = 0; g < _blocks.Length; g++)
        {
            var members = _members[g];
            for (var a = 0; a < members.Length; a++)
            {
                for (var b = a; b < members.Length; b++) { grown.At(map[members[a]], map[members[b]]) = _blocks[g][a * members.Length + b]; }
            }
        }
        (_names, _group, _place, _members, _blocks) = (grown._names, grown._group, grown._place, grown._members, grown._blocks);
    }

    /// <inheritdoc/>
    public BlockDiagonalInformation CreateEmpty() => new([.. _group.Select(g => _names[g])]);

    /// <inheritdoc/>
    public BlockDiagonalInformation Copy()
    {
        var copy = CreateEmpty();
        for (var g = 0; g < _blocks.Length; g++) { _blocks[g].CopyTo(copy._blocks[g], 0); }
        return copy;
    }

    /// <inheritdoc/>
    public void Save(StateWriter writer)
    {
        writer.Write(Dimension);
        writer.Write(_names);
        writer.Write(_group);
        for (var g = 0; g < _blocks.Length; g++) { writer.Write(UpperTriangle.Pack(_blocks[g], _members[g].Length)); }
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidDataException">Lengths disagree, a group is unknown or a number is not finite.</exception>
    public static BlockDiagonalInformation Load(StateReader reader)
    {
        var dimension = reader.ReadInt32();
        var (names, group) = (reader.ReadTexts(), reader.ReadInt32s());
        if (group.Length != dimension || Array.Exists(group, g => (uint)g >= (uint)names.Length)) { throw new InvalidDataException($"{dimension} parameters come with {group.Length} groups of {names.Length}"); }
        var loaded = new BlockDiagonalInformation([.. group.Select(g => names[g])]);
        if (!loaded._names.AsSpan().SequenceEqual(names)) { throw new InvalidDataException("the names of the groups are not in the order of their parameters"); }
        for (var g = 0; g < names.Length; g++) { loaded._blocks[g] = UpperTriangle.Unpack(reader.ReadDoubles(), loaded._members[g].Length); }
        return loaded;
    }
}
