use super::*;

const ALL: [Cell; 12] = [
    Cell::Bool,
    Cell::I8,
    Cell::I16,
    Cell::I32,
    Cell::I64,
    Cell::U8,
    Cell::U16,
    Cell::U32,
    Cell::U64,
    Cell::F16,
    Cell::F32,
    Cell::F64,
];

#[test]
fn the_ends_of_every_type() {
    let cases: [(Cell, Vec<u8>, Number); 13] = [
        (Cell::Bool, vec![0], Number::Int(0)),
        (Cell::Bool, vec![255], Number::Int(1)),
        (Cell::I8, vec![0x80], Number::Int(-128)),
        (Cell::I16, i16::MIN.to_le_bytes().into(), Number::Int(i16::MIN.into())),
        (Cell::I32, i32::MIN.to_le_bytes().into(), Number::Int(i32::MIN.into())),
        (Cell::I64, i64::MIN.to_le_bytes().into(), Number::Int(i64::MIN.into())),
        (Cell::U8, vec![255], Number::Int(255)),
        (Cell::U32, u32::MAX.to_le_bytes().into(), Number::Int(u32::MAX.into())),
        (Cell::U64, u64::MAX.to_le_bytes().into(), Number::Int(u64::MAX.into())),
        (Cell::U64, (1_u64 << 63).to_le_bytes().into(), Number::Int(1 << 63)),
        (Cell::F16, vec![0xff, 0x7b], Number::Float(65504.0)),
        (Cell::F32, 0.1_f32.to_le_bytes().into(), Number::Float(0.100_000_001_490_116_12)),
        (Cell::F64, (-0.0_f64).to_le_bytes().into(), Number::Float(-0.0)),
    ];
    for (cell, bytes, number) in cases {
        assert_eq!(cell.split_first(&bytes), Some((number, &[][..])), "{cell:?}");
    }
}

#[test]
fn what_is_cut_off_is_no_number() {
    for cell in ALL {
        let bytes = vec![1; cell.width() - 1];
        assert_eq!(cell.split_first(&bytes), None, "{cell:?}");
        assert_eq!(cell.read(&bytes, 9, &mut Vec::new(), &mut Vec::new()), 0, "{cell:?}");
    }
}

#[test]
fn reading_stops_at_the_limit_and_in_front_of_what_does_not_fit() {
    let numbers = [1, 2, u64::MAX, 3];
    let bytes: Vec<u8> = numbers.iter().flat_map(|n: &u64| n.to_le_bytes()).collect();
    let mut ints = Vec::new();
    assert_eq!(Cell::U64.read(&bytes, 9, &mut ints, &mut Vec::new()), 16);
    assert_eq!(ints, [1, 2]);
    assert_eq!(Cell::U64.read(&bytes, 1, &mut ints, &mut Vec::new()), 8);
    assert_eq!(ints, [1, 2, 1]);
}

/// Of a float of 16 bits, the one of 32 bits with the same parts, whose exponent and fraction are wider, has the same
/// value: IEEE 754 says how wide, and 2^112 is the distance of the two exponents' zeros.
#[test]
fn halves_are_the_same_numbers_as_wider_ones() {
    for bits in 0..=u16::MAX {
        let (sign, rest) = (u32::from(bits & 0x8000) << 16, u32::from(bits & 0x7fff));
        let wider = if rest >= 0x7c00 {
            f32::from_bits(sign | 0x7f80_0000 | (rest & 0x3ff) << 13)
        } else {
            f32::from_bits(sign | rest << 13) * 2_f32.powi(112)
        };
        let number = half(bits);
        let is_same = number.to_bits() == f64::from(wider).to_bits();
        assert!(is_same || (number.is_nan() && wider.is_nan()), "{bits:#x}: {number} {wider}");
    }
}
